import type { z } from 'zod'
import { InvalidCursorError, type Page, type PageRequest } from '../../core/ports/page.ts'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { type CsvRow, sessionColumns, toCsv, userSessionColumns } from '../../core/presentation/csv.ts'
import { presentSession, presentUserSession } from '../../core/presentation/session-presenter.ts'
import { overlaps } from '../../core/state/session.ts'
import { HttpError, notFound } from '../http-error.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { requireRoom } from './events.ts'
import type { RouteResult } from './http-response.ts'
import { encodePosition, identifyList, parsePosition } from './list-position.ts'
import { hasPeriod, toPeriod } from './period.ts'
import { readRows } from './read-rows.ts'
import type { roomSessionsQuery, sessionsQuery, userSessionsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

const roomFileName = 'attendance-room.csv'

/**
 * Responds with the sessions of the room or the user in the query. Each has its `room_id`.
 *
 * @throws HttpError 400 unless there is exactly one id, 404 if the room has no events or the user no sessions.
 */
export async function respondWithSessions(
  dependencies: QueryApiDependencies,
  { query, hasLimit, signal }: RouteRequest<z.output<typeof sessionsQuery>>,
): Promise<RouteResult> {
  const { room_id, user_id, order, ...page } = query
  if (room_id !== undefined && user_id !== undefined)
    throw new HttpError(400, 'parameter "user_id" must not be combined with "room_id"')
  if (user_id !== undefined) {
    if (order === 'oldest') throw new HttpError(400, 'parameter "order" must be newest for the sessions of a user')
    return respondWithUserSessions(dependencies, { id: user_id, query: page, hasLimit, signal })
  }
  if (room_id === undefined) throw new HttpError(400, 'parameter "room_id" or "user_id" is required')
  const rows = await listRoomSessions(dependencies, {
    id: room_id,
    query: { ...page, order: order ?? 'oldest' },
    hasLimit,
    signal,
  })
  return presentRows(rows, page, { present: presentUserSession, columns: userSessionColumns, fileName: roomFileName })
}

/** @throws HttpError 404 if the user has no sessions. */
export async function respondWithUserSessions(
  { sessions }: QueryApiDependencies,
  { id, query, hasLimit, signal }: RouteRequest<z.output<typeof userSessionsQuery>>,
): Promise<RouteResult> {
  const period = hasPeriod(query) ? toPeriod(query) : undefined
  const page = await readRows((request) => sessions.listByUser(id, { ...request, period }, signal), query, hasLimit)
  if (page.items.length === 0 && page.cursor === null && query.cursor === null) {
    const { items } = period === undefined ? page : await sessions.listByUser(id, { limit: 1, cursor: null }, signal)
    if (items.length === 0) throw notFound('user', id)
  }
  return presentRows(page, query, {
    present: presentUserSession,
    columns: userSessionColumns,
    fileName: 'attendance-user.csv',
  })
}

/** @throws HttpError 404 if the room has no events. */
export async function respondWithRoomSessions(
  dependencies: QueryApiDependencies,
  request: RouteRequest<z.output<typeof roomSessionsQuery>>,
): Promise<RouteResult> {
  const page = await listRoomSessions(dependencies, request)
  return presentRows(page, request.query, { present: presentSession, columns: sessionColumns, fileName: roomFileName })
}

type RoomSessionsRequest = RouteRequest<z.output<typeof roomSessionsQuery>>

/** @throws HttpError 404 if the room has no events. */
async function listRoomSessions(
  dependencies: QueryApiDependencies,
  { id, query, hasLimit, signal }: RoomSessionsRequest,
): Promise<Page<SessionRow>> {
  const { order, cursor } = query
  const readPage = hasPeriod(query)
    ? await readOverlapping(dependencies, { id, query, signal })
    : (request: PageRequest) => dependencies.sessions.listByRoom(id, { ...request, order }, signal)
  const page = await readRows(readPage, query, hasLimit)
  if (page.items.length === 0 && cursor === null) {
    // A room that was never joined has events but no sessions.
    await requireRoom(dependencies.rooms, id, signal)
  }
  return page
}

/** Reads the sessions of a room that overlap the interval. @returns a function that divides them into pages. */
async function readOverlapping(
  { meetings }: QueryApiDependencies,
  { id, query, signal }: Omit<RoomSessionsRequest, 'hasLimit'>,
): Promise<(request: PageRequest) => Promise<Page<SessionRow>>> {
  const period = toPeriod(query)
  const rows = await meetings.readRoomSessions(id, period, signal)
  const list = identifyList('sessions', { id, from: query.from, to: query.to, order: query.order })
  const direction = query.order === 'newest' ? -1 : 1
  const compare = (one: SessionPlace, other: SessionPlace) => direction * comparePlaces(one, other)
  const sorted = rows
    .filter(({ session }) => overlaps(session, period))
    .map((row) => ({ row, joinedAt: row.session.joined_at, userId: row.user_id }))
    .sort(compare)
  return async ({ limit, cursor }) => {
    const start = cursor === null ? undefined : parseSessionPlace(cursor, list)
    const pending = start === undefined ? sorted : sorted.filter((entry) => compare(entry, start) > 0)
    const page = pending.slice(0, limit)
    const last = page.at(-1)
    const isComplete = last === undefined || page.length === pending.length
    return {
      items: page.map(({ row }) => row),
      cursor: isComplete ? null : encodePosition(list, [last.joinedAt, last.userId]),
    }
  }
}

/** ms, and a user: no two sessions of a room have the same. */
type SessionPlace = { readonly joinedAt: number; readonly userId: string }

function comparePlaces(one: SessionPlace, other: SessionPlace): number {
  return one.joinedAt - other.joinedAt || (one.userId < other.userId ? -1 : one.userId > other.userId ? 1 : 0)
}

/** @throws InvalidCursorError */
function parseSessionPlace(cursor: string, list: string): SessionPlace {
  const [joinedAt, userId, ...others] = parsePosition(cursor, list)
  if (typeof joinedAt !== 'number' || typeof userId !== 'string' || others.length > 0) throw new InvalidCursorError()
  return { joinedAt, userId }
}

function presentRows<Column extends string>(
  page: Page<SessionRow>,
  { format, cursor }: { readonly format: 'json' | 'csv'; readonly cursor: string | null },
  table: {
    readonly present: (row: SessionRow) => CsvRow<Column>
    readonly columns: readonly Column[]
    readonly fileName: string
  },
): RouteResult {
  const items = page.items.map(table.present)
  if (format === 'json') return { json: { items, cursor: page.cursor } }
  return {
    csv: toCsv(items, table.columns, { header: cursor === null }),
    fileName: table.fileName,
    cursor: page.cursor,
  }
}
