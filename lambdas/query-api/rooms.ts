import type { z } from 'zod'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import type { RoomReader, RoomSummary } from '../../core/ports/room-reader.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { presentPage, presentRoom } from './presenters.ts'
import type { roomsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

type RoomsQuery = z.output<typeof roomsQuery>

/** Responds with a page of the rooms that have the wanted status, or with the one room that the query names. */
export async function respondWithRooms(
  { rooms }: QueryApiDependencies,
  { query, signal }: RouteRequest<RoomsQuery>,
): Promise<RouteResult> {
  const { status, room_id, ...page } = query
  const listed =
    room_id === undefined ? await rooms.listRooms(status, page, signal) : await findRoom(rooms, room_id, query, signal)
  return presentPage(listed, presentRoom)
}

/** @throws InvalidCursorError if there is a cursor: the list of one room never issues one. */
async function findRoom(
  rooms: RoomReader,
  roomId: string,
  { status, cursor }: RoomsQuery,
  signal: AbortSignal,
): Promise<Page<RoomSummary>> {
  if (cursor !== null) throw new InvalidCursorError()
  const room = await rooms.findRoom(roomId, signal)
  const isWanted = room !== undefined && (status === 'all' || status === room.state.status)
  return { items: isWanted ? [room] : [], cursor: null }
}
