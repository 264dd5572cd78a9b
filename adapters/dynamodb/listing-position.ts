import { InvalidCursorError } from '../../core/ports/page.ts'
import { isWithin, type Period } from '../../core/ports/period.ts'
import type { RoomStatusFilter } from '../../core/ports/room-reader.ts'
import { timeOfOrder } from '../../core/state/order.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { listingShards } from './listing-keys.ts'

/** The position among open rooms: a partition of the listing index, and the sort key to continue after ('' at its start). */
export type OpenRoomsPosition = { readonly status: 'open'; readonly shard: number; readonly after: string }

/** The position among closed rooms, which are merged from all partitions: the sort key to continue after ('' at the start). */
export type ClosedRoomsPosition = { readonly status: 'closed'; readonly after: string }

export type ListingPosition = OpenRoomsPosition | ClosedRoomsPosition

const firstClosed: ClosedRoomsPosition = { status: 'closed', after: '' }

export function firstPosition(filter: RoomStatusFilter): ListingPosition {
  return filter === 'closed' ? firstClosed : { status: 'open', shard: 0, after: '' }
}

/** The start of what follows a partition of open rooms. @returns undefined after the last one. */
export function nextPartition({ shard }: OpenRoomsPosition, filter: RoomStatusFilter): ListingPosition | undefined {
  if (shard + 1 < listingShards) return { status: 'open', shard: shard + 1, after: '' }
  return filter === 'all' ? firstClosed : undefined
}

export function encodePosition(position: ListingPosition | undefined): string | null {
  if (position === undefined) return null
  const { status, after } = position
  return encodeCursor(status === 'open' ? [status, position.shard, after] : [status, after])
}

/** @throws InvalidCursorError if the cursor was not issued for a list with this filter and this period. */
export function parsePosition(cursor: string, filter: RoomStatusFilter, period: Period): ListingPosition {
  const [status, ...parts] = parseCursor(cursor)
  if (filter !== 'all' && status !== filter) throw new InvalidCursorError()
  if (status === 'open') return parseOpenPosition(parts)
  const [after, ...others] = parts
  const isKey = typeof after === 'string' && (after === '' || /^\d{15}#./s.test(after))
  if (status !== 'closed' || !isKey || others.length > 0) throw new InvalidCursorError()
  if (after !== '' && !isWithin(timeOfOrder(after), period)) throw new InvalidCursorError()
  return { status, after }
}

function parseOpenPosition([shard, after]: readonly unknown[]): OpenRoomsPosition {
  const isShard = Number.isInteger(shard) && Number(shard) >= 0 && Number(shard) < listingShards
  if (!isShard || typeof after !== 'string') throw new InvalidCursorError()
  return { status: 'open', shard: Number(shard), after }
}
