import type { z } from 'zod'
import type { ListedRecording, RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError, type Page, type PageRequest } from '../../core/ports/page.ts'
import { isWithin, type Period } from '../../core/ports/period.ts'
import { recordingColumns, toCsv } from '../../core/presentation/csv.ts'
import {
  compareNewestFirst,
  type PresentedRecording,
  presentRecording,
} from '../../core/presentation/recording-presenter.ts'
import { recordingTime } from '../../core/state/recording.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { encodePosition, identifyList, parsePosition } from './list-position.ts'
import { toPeriod } from './period.ts'
import { readRows } from './read-rows.ts'
import type { recordingsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

/**
 * Recordings that one request reads to find those with the wanted status: at most 18 requests to DynamoDB, with those for the items
 * and for the rooms of unfinished recordings.
 */
const filteredRead = { pages: 2, recordings: 400 }

type Filter = {
  readonly period: Period
  readonly status: PresentedRecording['status'] | undefined
  /** See `identifyList`. */
  readonly list: string
}

/** Lists the recordings of one room or of all rooms. */
export async function respondWithRecordings(
  dependencies: QueryApiDependencies,
  { query, hasLimit, signal }: RouteRequest<z.output<typeof recordingsQuery>>,
): Promise<RouteResult> {
  const { status, room_id, from, to, ...page } = query
  const list = identifyList('recordings', { room_id, status, from, to })
  const filter = { status, period: toPeriod({ from, to }), list }
  const readPage = (request: PageRequest) =>
    room_id === undefined
      ? listAll(dependencies, request, filter, signal)
      : listOfRoom(dependencies, room_id, { ...request, ...filter }, signal)
  const { items, cursor } = await readRows(readPage, page, hasLimit)
  if (page.format === 'json') return { json: { items, cursor } }
  const rows = items.map(({ file_list, files_truncated: _, ...recording }) => {
    return { ...recording, files: file_list.map(({ name }) => name).join(', ') }
  })
  return {
    csv: toCsv(rows, recordingColumns, { header: page.cursor === null }),
    fileName: 'recordings.csv',
    cursor,
  }
}

/** Reads all recordings of the room and sorts them here: a room has only a few. */
async function listOfRoom(
  dependencies: QueryApiDependencies,
  roomId: string,
  { limit, cursor, period, status, list }: PageRequest & Filter,
  signal: AbortSignal,
): Promise<Page<PresentedRecording>> {
  const rows = await dependencies.catalog.listRecordingsOfRoom(roomId, signal)
  const inPeriod = rows.filter(({ recording }) => isWithin(recordingTime(recording), period))
  // Recordings that started at the same time are in the order of the list of all rooms.
  const sorted = inPeriod.toReversed().sort((one, other) => compareNewestFirst(one.recording, other.recording))
  const recordings = (await present(dependencies, sorted, signal)).filter(
    (recording) => status === undefined || recording.status === status,
  )
  const start = parseOffset(cursor, list)
  const end = start + limit
  return {
    items: recordings.slice(start, end),
    cursor: end < recordings.length ? encodePosition(list, [end]) : null,
  }
}

/** `status` is filtered after reading: whether a recording is stuck depends on its room. */
async function listAll(
  dependencies: QueryApiDependencies,
  { limit, cursor: firstCursor }: PageRequest,
  { period, status }: Filter,
  signal: AbortSignal,
): Promise<Page<PresentedRecording>> {
  const items: PresentedRecording[] = []
  const read = status === undefined ? { pages: 1, recordings: limit } : filteredRead
  let cursor = firstCursor
  for (let pagesRead = 0; pagesRead < read.pages; pagesRead++) {
    const page: Page<ListedRecording> = await dependencies.catalog.listRecordings(
      { limit: read.recordings, cursor, period },
      signal,
    )
    const recordings = await present(dependencies, page.items, signal)
    for (const [index, recording] of recordings.entries()) {
      if (status !== undefined && recording.status !== status) continue
      items.push(recording)
      const isLast = index === recordings.length - 1 && page.cursor === null
      if (items.length === limit) return { items, cursor: isLast ? null : (page.items[index]?.cursor ?? null) }
    }
    cursor = page.cursor
    if (cursor === null) break
  }
  return { items, cursor }
}

async function present(
  { catalog, timeZone, now }: QueryApiDependencies,
  rows: readonly RecordingRow[],
  signal: AbortSignal,
): Promise<PresentedRecording[]> {
  const unfinished = rows.filter(({ recording }) => recording.status === 'recording').map((row) => row.room_id)
  const closingTimes = await catalog.readClosingTimes(unfinished, signal)
  const context = { timeZone, now: now() }
  return rows.map((row) => presentRecording(row, closingTimes.get(row.room_id) ?? null, context))
}

/** @throws InvalidCursorError if the cursor was not made by `listOfRoom`. */
function parseOffset(cursor: string | null, list: string): number {
  if (cursor === null) return 0
  const [offset, ...others] = parsePosition(cursor, list)
  if (!Number.isSafeInteger(offset) || others.length > 0) throw new InvalidCursorError()
  return Number(offset)
}
