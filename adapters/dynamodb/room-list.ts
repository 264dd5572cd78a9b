import { allTime, isWithin } from '../../core/ports/period.ts'
import type { RoomListRequest, RoomStatusFilter } from '../../core/ports/room-reader.ts'
import { createTextFilter } from '../../core/search/text-filter.ts'
import { closedPageRequests, readClosedRooms } from './closed-rooms.ts'
import {
  type ClosedRoomsPosition,
  encodePosition,
  firstPosition,
  type ListingPosition,
  nextPartition,
  parsePosition,
} from './listing-position.ts'
import type { StateTable } from './room-items.ts'
import { type RequestBudget, type RoomListing, readListingPage } from './room-listing.ts'

/** Requests for a page of a filtered list; a page that is not full after these still has a cursor. */
const maxFilteredRequests = 20
/** Closed rooms to read of each partition with one request if most of them may not match. */
const maxSearchedRooms = 2000

type RoomsPage = { readonly rooms: readonly RoomListing[]; readonly next: ListingPosition | undefined }

/** Lists open rooms partition by partition, then closed ones, the newest close first. @throws InvalidCursorError */
export async function listRooms(
  table: StateTable,
  filter: RoomStatusFilter,
  { limit, cursor, period = allTime, q }: RoomListRequest,
): Promise<{ readonly rooms: readonly RoomListing[]; readonly cursor: string | null }> {
  const isFiltered = q !== undefined || period !== allTime
  const budget = { left: isFiltered ? maxFilteredRequests : Number.POSITIVE_INFINITY }
  const matches = createTextFilter(q)
  const isWanted = ({ room, room_id }: RoomListing) =>
    (period === allTime || isWithin((room.status === 'open' ? room.opened_at : room.closed_at) ?? -1, period)) &&
    matches(room_id, room.name)
  const rooms: RoomListing[] = []
  let position: ListingPosition | undefined =
    cursor === null ? firstPosition(filter) : parsePosition(cursor, filter, period)
  while (position !== undefined && rooms.length < limit && budget.left >= requestsOf(position)) {
    const request = { limit: limit - rooms.length, isWanted, budget }
    if (position.status === 'open') {
      const page = await readListingPage(table, position, request)
      rooms.push(...page.rooms)
      position = page.next ?? nextPartition(position, filter)
    } else {
      const maxEntries = q === undefined ? request.limit : Math.max(request.limit, maxSearchedRooms)
      const page: RoomsPage = await readClosedPage(table, position, { ...request, period, maxEntries })
      rooms.push(...page.rooms)
      position = page.next
    }
  }
  return { rooms, cursor: encodePosition(position) }
}

/** Requests that reading on takes at least. */
function requestsOf({ status }: ListingPosition): number {
  return status === 'open' ? 1 : closedPageRequests
}

type ClosedRoomsRequest = Omit<Parameters<typeof readClosedRooms>[1], 'after'> & {
  readonly limit: number
  readonly isWanted: (room: RoomListing) => boolean
  readonly budget: RequestBudget
}

async function readClosedPage(
  table: StateTable,
  { after }: ClosedRoomsPosition,
  { period, maxEntries, limit, isWanted, budget }: ClosedRoomsRequest,
): Promise<RoomsPage> {
  budget.left -= closedPageRequests
  const { entries, next } = await readClosedRooms(table, { period, after, maxEntries })
  const rooms: RoomListing[] = []
  for (const [index, { listed, list_order }] of entries.entries()) {
    const room = { room: listed, room_id: listed.room_id, joined: [] }
    if (!isWanted(room)) continue
    rooms.push(room)
    const isLast = index === entries.length - 1 && next === undefined
    if (rooms.length === limit) return { rooms, next: isLast ? undefined : { status: 'closed', after: list_order } }
  }
  return { rooms, next: next === undefined ? undefined : { status: 'closed', after: next } }
}
