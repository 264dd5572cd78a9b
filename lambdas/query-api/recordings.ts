import type { z } from 'zod'
import type { RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError, type Page, type PageRequest } from '../../core/ports/page.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { compareNewestFirst, presentRecording } from './recording-presenter.ts'
import type { recordingsQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

/** Number of pages that one request reads to find recordings with the wanted status. */
const maxPagesRead = 10

type PresentedRecording = ReturnType<typeof presentRecording>
type PresentRecordings = (rows: readonly RecordingRow[]) => Promise<PresentedRecording[]>

/**
 * Lists the recordings of one room or of all rooms.
 *
 * `status` is filtered after reading: whether a recording is stuck depends on its room.
 */
export async function respondWithRecordings(
  dependencies: QueryApiDependencies,
  { query: { status, room_id, ...page }, signal }: RouteRequest<z.output<typeof recordingsQuery>>,
): Promise<RouteResult> {
  const { catalog, timeZone, now } = dependencies
  const present: PresentRecordings = async (rows) => {
    const unfinished = rows.filter(({ recording }) => recording.status === 'recording').map((row) => row.room_id)
    const closingTimes = await catalog.readClosingTimes(unfinished, signal)
    const context = { timeZone, now: now() }
    const recordings = rows.map((row) => presentRecording(row, closingTimes.get(row.room_id) ?? null, context))
    return status === undefined ? recordings : recordings.filter((recording) => recording.status === status)
  }
  const json =
    room_id === undefined
      ? await listAll(dependencies, page, present, signal)
      : await listOfRoom(dependencies, room_id, page, present, signal)
  return { json }
}

/** Reads all recordings of the room and sorts them here: a room has only a few. */
async function listOfRoom(
  { catalog }: QueryApiDependencies,
  roomId: string,
  { limit, cursor }: PageRequest,
  present: PresentRecordings,
  signal: AbortSignal,
): Promise<Page<PresentedRecording>> {
  const recordings = await present(await catalog.listRecordingsOfRoom(roomId, signal))
  const start = parseOffset(cursor)
  const end = start + limit
  return {
    items: recordings.toSorted(compareNewestFirst).slice(start, end),
    cursor: end < recordings.length ? `${offsetPrefix}${end}` : null,
  }
}

async function listAll(
  { catalog }: QueryApiDependencies,
  { limit, cursor: firstCursor }: PageRequest,
  present: PresentRecordings,
  signal: AbortSignal,
): Promise<Page<PresentedRecording>> {
  const items: PresentedRecording[] = []
  let cursor = firstCursor
  for (let pagesRead = 0; pagesRead < maxPagesRead; pagesRead++) {
    // Reading only as many rows as are still needed keeps the cursor right after the last row returned.
    const request = { limit: limit - items.length, cursor }
    const page: Page<RecordingRow> = await catalog.listRecordings(request, signal)
    items.push(...(await present(page.items)))
    cursor = page.cursor
    if (cursor === null || items.length >= limit) break
  }
  return { items, cursor }
}

const offsetPrefix = 'room-'

/** @throws InvalidCursorError if the cursor was not made by `listOfRoom`. */
function parseOffset(cursor: string | null): number {
  if (cursor === null) return 0
  const [, offset] = /^room-(\d{1,9})$/.exec(cursor) ?? []
  if (offset === undefined) throw new InvalidCursorError()
  return Number(offset)
}
