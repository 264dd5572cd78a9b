import type { z } from 'zod'
import type { RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import type { HandlerDependencies } from './handler.ts'
import type { Result } from './http-response.ts'
import { presentRecording } from './presenters.ts'
import type { recordingsQuery } from './request-schemas.ts'

/** Pages of recordings that one request looks through for those of a status. */
const maxPages = 10

/** The recordings of a room, or a page of all; of one status, where that is asked for: it may depend on the room. */
export async function recordings(
  { catalog, timeZone, now }: HandlerDependencies,
  { status, room_id, ...page }: z.output<typeof recordingsQuery>,
): Promise<Result> {
  const answered = async (rows: readonly RecordingRow[]) => {
    const unfinished = rows.filter(({ state }) => state.status === 'recording').map((row) => row.room_id)
    const closed = await catalog.readClosingTimes(unfinished)
    const all = rows.map((row) => presentRecording(row, closed.get(row.room_id) ?? null, { timeZone, now: now() }))
    return status === undefined ? all : all.filter((recording) => recording.status === status)
  }
  if (room_id !== undefined) {
    // A room has few: they are sorted here.
    const all = (await answered(await catalog.listRecordingsOfRoom(room_id))).sort(latestFirst)
    const from = placeIn(page.cursor)
    const next = from + page.limit
    return { json: { items: all.slice(from, next), cursor: next < all.length ? `${placeMark}${next}` : null } }
  }
  let items: Awaited<ReturnType<typeof answered>> = []
  let { cursor } = page
  for (let pages = 0; pages < maxPages; pages++) {
    // Never more than are wanted: the cursor stands behind the last that was looked at.
    const next: Page<RecordingRow> = await catalog.listRecordings({ limit: page.limit - items.length, cursor })
    items = [...items, ...(await answered(next.items))]
    cursor = next.cursor
    if (cursor === null || items.length >= page.limit) break
  }
  return { json: { items, cursor } }
}

type Recording = ReturnType<typeof presentRecording>

function latestFirst(left: Recording, right: Recording): number {
  const [one, other] = [left.started_at ?? '', right.started_at ?? '']
  return one < other ? 1 : one > other ? -1 : 0
}

const placeMark = 'room-'

/** @throws InvalidCursorError where it was not one of these. */
function placeIn(cursor: string | null): number {
  if (cursor === null) return 0
  const [, place] = /^room-(\d{1,9})$/.exec(cursor) ?? []
  if (place === undefined) throw new InvalidCursorError()
  return Number(place)
}
