import type { z } from 'zod'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import type { RoomReader, RoomSummary } from '../../core/ports/room-reader.ts'
import { HttpError } from '../http-error.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { hasPeriod, toPeriod } from './period.ts'
import { presentPage, presentRoom } from './presenters.ts'
import type { roomsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

type RoomsQuery = z.output<typeof roomsQuery>

/** Responds with a page of the rooms that have the wanted status, or with the one room that the query names. */
export async function respondWithRooms(
  { rooms }: QueryApiDependencies,
  { query, signal }: RouteRequest<RoomsQuery>,
): Promise<RouteResult> {
  const { status, room_id, from, to, q, limit, cursor } = query
  const period = hasPeriod({ from, to }) ? toPeriod({ from, to }) : undefined
  if (room_id === undefined)
    return presentPage(await rooms.listRooms(status, { limit, cursor, period, q }, signal), presentRoom)
  if (period !== undefined || q !== undefined)
    throw new HttpError(400, 'parameter "room_id" must not be combined with "from", "to" or "q"')
  return presentPage(await findRoom(rooms, room_id, query, signal), presentRoom)
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
