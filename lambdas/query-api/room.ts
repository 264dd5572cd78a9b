import type { z } from 'zod'
import { notFound } from '../http-error.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { presentRoomDetails } from './presenters.ts'
import type { roomPageQuery } from './request-schemas.ts'

/**
 * Bytes of the participants on one page, before presentation. With their times as text, the recordings, and the quotes
 * escaped by Lambda, the response stays below Lambda's limit of 6 MB.
 */
const maxParticipantBytes = 2 * 1024 * 1024

/** Responds with a room and a page of its participants. @throws HttpError 404 if nothing is known about the room. */
export async function respondWithRoom(
  { rooms, timeZone, now }: QueryApiDependencies,
  roomId: string,
  { present, limit, cursor }: z.output<typeof roomPageQuery>,
  signal: AbortSignal,
): Promise<RouteResult> {
  const page = { presentOnly: present === 'true', limit, cursor, maxBytes: maxParticipantBytes }
  const details = await rooms.readRoom(roomId, page, signal)
  const { room, participants, recordings } = details
  const isKnown = room !== undefined || participants.length + recordings.length > 0 || details.cursor !== null
  // The room was known when it issued the cursor.
  if (!isKnown && cursor === null) throw notFound('room', roomId)
  return { json: presentRoomDetails(roomId, details, { timeZone, now: now() }) }
}
