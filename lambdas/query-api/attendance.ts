import type { z } from 'zod'
import { type Attendance, compareAttendance, summarizeAttendance } from '../../core/meetings/attendance.ts'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import { attendanceColumns } from '../../core/presentation/meeting-columns.ts'
import { presentAttendance } from '../../core/presentation/meeting-presenter.ts'
import { createTable } from '../../core/presentation/tables.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { requireRoom } from './events.ts'
import type { RouteResult } from './http-response.ts'
import { encodePosition, identifyList, parsePosition } from './list-position.ts'
import { toPeriod } from './period.ts'
import { presentPage } from './presenters.ts'
import { maxFileRows } from './read-rows.ts'
import type { attendanceQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'
import { respondWithTable } from './table-file.ts'

type AttendanceQuery = z.output<typeof attendanceQuery>
type AttendancePlace = Pick<Attendance, 'first_joined_at' | 'user_id'>

/** Responds with one row a person (docs/contract.md, section 6). @throws HttpError 404 if the room has no events. */
export async function respondWithAttendance(
  dependencies: QueryApiDependencies,
  { query, hasLimit, signal }: RouteRequest<AttendanceQuery>,
): Promise<RouteResult> {
  const { format, lang, cursor } = query
  const limit = format === 'json' || hasLimit ? query.limit : maxFileRows[format]
  const page = await listAttendance(dependencies, { ...query, limit }, signal)
  if (format === 'json') return presentPage(page, presentAttendance)
  const { timeZone } = dependencies
  const table = createTable(page.items, attendanceColumns, { language: lang, timeZone })
  return respondWithTable(table, { name: 'attendance', format, hasTitles: cursor === null, cursor: page.cursor })
}

async function listAttendance(
  { meetings, rooms, now }: QueryApiDependencies,
  { room_id, from, to, limit, cursor }: AttendanceQuery,
  signal: AbortSignal,
): Promise<Page<Attendance>> {
  const period = toPeriod({ from, to })
  const list = identifyList('attendance', { room_id, from, to })
  const start = cursor === null ? undefined : parseAttendancePlace(cursor, list)
  const sessions = await meetings.readRoomSessions(room_id, period, signal)
  if (sessions.length === 0) await requireRoom(rooms, room_id, signal)
  const all = summarizeAttendance(sessions, period, now())
  const pending = start === undefined ? all : all.filter((attendance) => compareAttendance(attendance, start) > 0)
  const items = pending.slice(0, limit)
  const last = items.at(-1)
  const isComplete = last === undefined || items.length === pending.length
  return { items, cursor: isComplete ? null : encodePosition(list, [last.first_joined_at, last.user_id]) }
}

/** @throws InvalidCursorError */
function parseAttendancePlace(cursor: string, list: string): AttendancePlace {
  const [first_joined_at, user_id, ...others] = parsePosition(cursor, list)
  if (typeof first_joined_at !== 'number' || typeof user_id !== 'string' || others.length > 0)
    throw new InvalidCursorError()
  return { first_joined_at, user_id }
}
