import { InvalidCursorError } from '../../core/ports/page.ts'
import type { RoomStatusFilter } from '../../core/ports/room-reader.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { listingShards } from './listing-keys.ts'

/** The position in a list of rooms: a partition of the listing index, and the sort key to continue after ('' at its start). */
export type ListingPosition = { readonly status: 'open' | 'closed'; readonly shard: number; readonly after: string }

export function firstPosition(filter: RoomStatusFilter): ListingPosition {
  return { status: filter === 'closed' ? 'closed' : 'open', shard: 0, after: '' }
}

/** The start of the next partition. @returns undefined after the last one. */
export function nextPartition(
  { status, shard }: ListingPosition,
  filter: RoomStatusFilter,
): ListingPosition | undefined {
  if (shard + 1 < listingShards) return { status, shard: shard + 1, after: '' }
  return status === 'open' && filter === 'all' ? firstPosition('closed') : undefined
}

export function encodePosition(position: ListingPosition | undefined): string | null {
  return position === undefined ? null : encodeCursor([position.status, position.shard, position.after])
}

/** @throws InvalidCursorError if the cursor was not issued for a list with this filter. */
export function parsePosition(cursor: string, filter: RoomStatusFilter): ListingPosition {
  const [status, shard, after] = parseCursor(cursor)
  const isStatusListed = filter === 'all' ? status === 'open' || status === 'closed' : status === filter
  const isShard = Number.isInteger(shard) && Number(shard) >= 0 && Number(shard) < listingShards
  if (!isStatusListed || !isShard || typeof after !== 'string') throw new InvalidCursorError()
  return { status: status === 'closed' ? 'closed' : 'open', shard: Number(shard), after }
}
