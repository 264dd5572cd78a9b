import type { z } from 'zod'
import type { Page, PageRequest } from '../../core/ports/page.ts'
import { notFound } from '../http-error.ts'
import { maxCsvReadMs } from './budgets.ts'
import { type CsvRow, sessionColumns, toCsv, userSessionColumns } from './csv.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { presentSession, presentUserSession } from './presenters.ts'
import type { roomSessionsQuery, sessionsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

/** Limits of one CSV response, with `maxCsvReadMs`; clients continue with the cursor. */
const csvLimits = { maxRows: 10_000, maxJsonCharacters: 3_000_000 }

/** @throws HttpError 404 if the user has no sessions. */
export async function respondWithUserSessions(
  { sessions }: QueryApiDependencies,
  { id, query, hasLimit, signal }: RouteRequest<z.output<typeof sessionsQuery>>,
): Promise<RouteResult> {
  const { format, cursor } = query
  const page = await readSessions((request) => sessions.listByUser(id, request, signal), query, hasLimit)
  if (page.items.length === 0 && cursor === null) throw notFound(`user ${JSON.stringify(id)}`)
  const rows = { items: page.items.map(presentUserSession), cursor: page.cursor }
  if (format === 'json') return { json: rows }
  return presentCsv(rows, { columns: userSessionColumns, fileName: 'attendance-user.csv', header: cursor === null })
}

/** @throws HttpError 404 if the room has no events. */
export async function respondWithRoomSessions(
  { sessions, rooms }: QueryApiDependencies,
  { id, query, hasLimit, signal }: RouteRequest<z.output<typeof roomSessionsQuery>>,
): Promise<RouteResult> {
  const { format, order, cursor } = query
  const page = await readSessions((request) => sessions.listByRoom(id, { ...request, order }, signal), query, hasLimit)
  if (page.items.length === 0 && cursor === null) {
    // A room that was never joined has events but no sessions.
    const firstEvents = await rooms.readTimeline(id, { limit: 1, cursor: null, order }, signal)
    if (firstEvents.items.length === 0) throw notFound(`room ${JSON.stringify(id)}`)
  }
  const rows = { items: page.items.map(presentSession), cursor: page.cursor }
  if (format === 'json') return { json: rows }
  return presentCsv(rows, { columns: sessionColumns, fileName: 'attendance-room.csv', header: cursor === null })
}

/** Reads one page or, for CSV without `limit`, all rows up to `csvLimits`. */
async function readSessions<Row>(
  readPage: (request: PageRequest) => Promise<Page<Row>>,
  { format, limit, cursor: firstCursor }: PageRequest & { readonly format: 'json' | 'csv' },
  hasLimit: boolean,
): Promise<Page<Row>> {
  if (format === 'json' || hasLimit) return readPage({ limit, cursor: firstCursor })
  const items: Row[] = []
  const startedAt = performance.now()
  let jsonCharacters = 0
  let cursor = firstCursor
  do {
    const page = await readPage({ limit: 1000, cursor })
    items.push(...page.items)
    jsonCharacters += JSON.stringify(page.items).length
    cursor = page.cursor
  } while (
    cursor !== null &&
    items.length < csvLimits.maxRows &&
    jsonCharacters < csvLimits.maxJsonCharacters &&
    performance.now() - startedAt < maxCsvReadMs
  )
  return { items, cursor }
}

function presentCsv<Column extends string>(
  { items, cursor }: Page<CsvRow<Column>>,
  { columns, fileName, header }: { columns: readonly Column[]; fileName: string; header: boolean },
): RouteResult {
  return { csv: toCsv(items, columns, { header }), fileName, cursor }
}
