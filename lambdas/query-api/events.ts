import type { z } from 'zod'
import { HttpError, notFound } from '../http-error.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { hasPeriod, toPeriod } from './period.ts'
import { presentPage, presentTimelineEntry } from './presenters.ts'
import type { eventsQuery, roomEventsQuery } from './request-schemas.ts'

/**
 * Responds with a page of the event log of the room or the media server in the query.
 *
 * @throws HttpError 400 unless there is exactly one of the two, 404 if it has no events.
 */
export async function respondWithEvents(
  dependencies: QueryApiDependencies,
  { room_id, box_code, ...query }: z.output<typeof eventsQuery>,
  signal: AbortSignal,
): Promise<RouteResult> {
  if (room_id !== undefined && box_code !== undefined)
    throw new HttpError(400, 'parameter "box_code" must not be combined with "room_id"')
  if (room_id !== undefined) return respondWithRoomEvents(dependencies, room_id, query, signal)
  if (box_code === undefined) throw new HttpError(400, 'parameter "room_id" or "box_code" is required')
  const { user_id, event, ...page } = query
  if (user_id !== undefined) throw new HttpError(400, 'parameter "user_id" must not be combined with "box_code"')
  if (event !== undefined) throw new HttpError(400, 'parameter "event" must not be combined with "box_code"')
  return respondWithWarnings(dependencies, box_code, page, signal)
}

/** Responds with a page of the event log of a room. @throws HttpError 404 if the room has no events. */
export async function respondWithRoomEvents(
  { rooms }: QueryApiDependencies,
  roomId: string,
  { limit, cursor, order, from, to, user_id, event }: z.output<typeof roomEventsQuery>,
  signal: AbortSignal,
): Promise<RouteResult> {
  const request = { limit, cursor, order, period: toPeriod({ from, to }), user_id, event }
  const page = await rooms.readTimeline(roomId, request, signal)
  if (page.items.length === 0 && page.cursor === null && cursor === null) {
    const isFiltered = hasPeriod({ from, to }) || user_id !== undefined || event !== undefined
    if (!isFiltered) throw unknownRoom(roomId)
    await requireRoom(rooms, roomId, signal)
  }
  return presentPage(page, presentTimelineEntry)
}

/** @throws HttpError 404 if the room has no events at all. */
export async function requireRoom(
  rooms: QueryApiDependencies['rooms'],
  roomId: string,
  signal: AbortSignal,
): Promise<void> {
  const { items } = await rooms.readTimeline(roomId, firstEvent, signal)
  if (items.length === 0) throw unknownRoom(roomId)
}

const unknownRoom = (roomId: string) => notFound('room', roomId)

const firstEvent = { limit: 1, cursor: null, order: 'oldest' } as const

async function respondWithWarnings(
  { rooms }: QueryApiDependencies,
  boxCode: string,
  { limit, cursor, order, from, to }: z.output<typeof roomEventsQuery>,
  signal: AbortSignal,
): Promise<RouteResult> {
  const page = await rooms.readWarnings(boxCode, { limit, cursor, order, period: toPeriod({ from, to }) }, signal)
  if (page.items.length === 0 && cursor === null) {
    const { items } = hasPeriod({ from, to }) ? await rooms.readWarnings(boxCode, firstEvent, signal) : page
    if (items.length === 0) throw notFound('media server', boxCode)
  }
  return presentPage(page, presentTimelineEntry)
}
