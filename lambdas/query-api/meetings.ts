import type { z } from 'zod'
import { measureMeeting } from '../../core/meetings/meetings.ts'
import type { Opening } from '../../core/meetings/openings.ts'
import { listMeetings, selectHistory, toOccupancies } from '../../core/meetings/room-meetings.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import { allTime } from '../../core/ports/period.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { requireRoom } from './events.ts'
import type { RouteResult } from './http-response.ts'
import { encodePosition, parsePosition } from './list-position.ts'
import { presentMeeting } from './meeting-presenter.ts'
import { toPeriod } from './period.ts'
import type { meetingsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

type MeetingsQuery = z.output<typeof meetingsQuery>

/** Responds with a page of the meetings of a room (docs/contract.md, section 6). @throws HttpError 404 if it has no events. */
export async function respondWithMeetings(
  { meetings: reader, rooms, now: clock }: QueryApiDependencies,
  { query, signal }: RouteRequest<MeetingsQuery>,
): Promise<RouteResult> {
  const { room_id, from, to, order, limit, cursor } = query
  const now = clock()
  const period = toPeriod({ from, to })
  const record = await reader.readRoomRecord(room_id, signal)
  const history = selectHistory(record, period)
  const sessions = await reader.readRoomSessions(room_id, { ...allTime, from: history.since }, signal)
  if (record.events.length + sessions.length === 0) await requireRoom(rooms, room_id, signal)
  const occupancies = toOccupancies(sessions)
  const all = listMeetings({ record, history, sessions, now }, occupancies, period)
  const pending = (order === 'newest' ? all.toReversed() : all).filter(isAfter(parseMeetingPosition(cursor), order))
  const page = pending.slice(0, limit)
  const last = page.at(-1)
  return {
    json: {
      items: page.map((meeting) => presentMeeting(room_id, measureMeeting(meeting, occupancies, now), now)),
      cursor:
        last === undefined || pending.length === page.length ? null : encodePosition('meetings', [last.opened_at]),
    },
  }
}

/** @param openedAt ms: when the last meeting of the page before was opened; null for the first page. */
function isAfter(openedAt: number | null, order: MeetingsQuery['order']): (meeting: Opening) => boolean {
  if (openedAt === null) return () => true
  return ({ opened_at }) => (order === 'newest' ? opened_at < openedAt : opened_at > openedAt)
}

/** @throws InvalidCursorError */
function parseMeetingPosition(cursor: string | null): number | null {
  if (cursor === null) return null
  const [openedAt, ...others] = parsePosition(cursor, 'meetings')
  if (typeof openedAt !== 'number' || others.length > 0) throw new InvalidCursorError()
  return openedAt
}
