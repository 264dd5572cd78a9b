import type { z } from 'zod'
import { notFound } from '../http-error.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { presentPage, presentTimelineEntry } from './presenters.ts'
import type { roomEventsQuery } from './request-schemas.ts'

/** Responds with a page of the event log of a room. @throws HttpError 404 if the room has no events. */
export async function respondWithEvents(
  { rooms }: QueryApiDependencies,
  roomId: string,
  { limit, cursor, order }: z.output<typeof roomEventsQuery>,
  signal: AbortSignal,
): Promise<RouteResult> {
  const page = await rooms.readTimeline(roomId, { limit, cursor, order }, signal)
  // Without a cursor, an empty page means that the room has no events at all.
  if (page.items.length === 0 && cursor === null) throw notFound(`room ${JSON.stringify(roomId)}`)
  return presentPage(page, presentTimelineEntry)
}
