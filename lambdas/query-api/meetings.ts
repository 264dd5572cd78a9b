import type { z } from 'zod'
import { type Meeting, measureMeeting } from '../../core/meetings/meetings.ts'
import type { Opening } from '../../core/meetings/openings.ts'
import { indexOccupancies, listMeetings, selectHistory } from '../../core/meetings/room-meetings.ts'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import { allTime } from '../../core/ports/period.ts'
import { meetingColumns } from '../../core/presentation/meeting-columns.ts'
import { presentMeeting } from '../../core/presentation/meeting-presenter.ts'
import { createTable } from '../../core/presentation/tables.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { requireRoom } from './events.ts'
import type { RouteResult } from './http-response.ts'
import { encodePosition, identifyList, parsePosition } from './list-position.ts'
import { toPeriod } from './period.ts'
import { presentPage } from './presenters.ts'
import { maxFileRows } from './read-rows.ts'
import type { meetingsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'
import { respondWithTable } from './table-file.ts'

type MeetingsQuery = z.output<typeof meetingsQuery>

/** Responds with a page of the meetings of a room (docs/contract.md, section 6). @throws HttpError 404 if it has no events. */
export async function respondWithMeetings(
  dependencies: QueryApiDependencies,
  { query, hasLimit, signal }: RouteRequest<MeetingsQuery>,
): Promise<RouteResult> {
  const { format, lang, room_id, cursor } = query
  const { timeZone } = dependencies
  const now = dependencies.now()
  const limit = format === 'json' || hasLimit ? query.limit : maxFileRows[format]
  const page = await readMeetings(dependencies, { ...query, limit }, now, signal)
  if (format === 'json') return presentPage(page, (meeting) => presentMeeting(room_id, meeting, now))
  const table = createTable(page.items, meetingColumns(now), { language: lang, timeZone })
  return respondWithTable(table, { name: 'meetings', format, hasTitles: cursor === null, cursor: page.cursor })
}

async function readMeetings(
  { meetings: reader, rooms }: QueryApiDependencies,
  { room_id, from, to, order, limit, cursor }: MeetingsQuery,
  now: number,
  signal: AbortSignal,
): Promise<Page<Meeting>> {
  const period = toPeriod({ from, to })
  const list = identifyList('meetings', { room_id, from, to, order })
  const isWanted = isAfter(parseMeetingPosition(cursor, list), order)
  const record = await reader.readRoomRecord(room_id, signal)
  const history = selectHistory(record, period)
  const sessions = await reader.readRoomSessions(room_id, { ...allTime, from: history.since }, signal)
  if (record.events.length + sessions.length === 0) await requireRoom(rooms, room_id, signal)
  const occupancies = indexOccupancies(sessions)
  const all = listMeetings({ record, history, sessions, now }, occupancies, period)
  const pending = (order === 'newest' ? all.toReversed() : all).filter(isWanted)
  const items = pending.slice(0, limit).map((opening) => measureMeeting(opening, occupancies, now))
  const last = items.at(-1)
  const isComplete = last === undefined || items.length === pending.length
  return { items, cursor: isComplete ? null : encodePosition(list, [last.opened_at]) }
}

/** @param openedAt ms: when the last meeting of the page before was opened; null for the first page. */
function isAfter(openedAt: number | null, order: MeetingsQuery['order']): (meeting: Opening) => boolean {
  if (openedAt === null) return () => true
  return ({ opened_at }) => (order === 'newest' ? opened_at < openedAt : opened_at > openedAt)
}

/** @throws InvalidCursorError */
function parseMeetingPosition(cursor: string | null, list: string): number | null {
  if (cursor === null) return null
  const [openedAt, ...others] = parsePosition(cursor, list)
  if (typeof openedAt !== 'number' || others.length > 0) throw new InvalidCursorError()
  return openedAt
}
