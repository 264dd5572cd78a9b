import type { z } from 'zod'
import type { Page } from '../../core/ports/page.ts'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { HttpError, notFound } from '../http-error.ts'
import { type CsvRow, sessionColumns, toCsv, userSessionColumns } from './csv.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { requireRoom } from './events.ts'
import type { RouteResult } from './http-response.ts'
import { presentSession, presentUserSession } from './presenters.ts'
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
  const page = await readRows((request) => sessions.listByUser(id, request, signal), query, hasLimit)
  if (page.items.length === 0 && query.cursor === null) throw notFound(`user ${JSON.stringify(id)}`)
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

/** @throws HttpError 404 if the room has no events. */
async function listRoomSessions(
  { sessions, rooms }: QueryApiDependencies,
  { id, query, hasLimit, signal }: RouteRequest<z.output<typeof roomSessionsQuery>>,
): Promise<Page<SessionRow>> {
  const { order, cursor } = query
  const page = await readRows((request) => sessions.listByRoom(id, { ...request, order }, signal), query, hasLimit)
  if (page.items.length === 0 && cursor === null) {
    // A room that was never joined has events but no sessions.
    await requireRoom(rooms, id, signal)
  }
  return page
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
