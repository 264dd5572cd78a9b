import type { z } from 'zod'
import { recordingAnswer } from './answers.ts'
import type { HandlerDependencies } from './handler.ts'
import type { Result } from './http-answers.ts'
import type { recordingsQuery } from './queries.ts'
import { BadCursor, type Page, type RecordingRow } from './readers.ts'

/** Pages of recordings that one request looks through for those of a status. */
const mostPages = 10

/** The recordings of a room, or a page of all; of one status, where that is asked for: it may depend on the room. */
export async function recordings(
  { catalogue, timeZone, now }: HandlerDependencies,
  { status, room_id, ...page }: z.output<typeof recordingsQuery>,
): Promise<Result> {
  const answered = async (rows: readonly RecordingRow[]) => {
    const unfinished = rows.filter(({ state }) => state.status === 'recording').map((row) => row.room_id)
    const closed = await catalogue.closedRooms(unfinished)
    const all = rows.map((row) => recordingAnswer(row, closed.get(row.room_id) ?? null, { timeZone, now: now() }))
    return status === undefined ? all : all.filter((recording) => recording.status === status)
  }
  if (room_id !== undefined) {
    // A room has few: they are sorted here.
    const all = (await answered(await catalogue.recordingsOfRoom(room_id))).sort(latestFirst)
    const from = placeIn(page.cursor)
    const next = from + page.limit
    return { json: { items: all.slice(from, next), cursor: next < all.length ? `${placeMark}${next}` : null } }
  }
  let items: Awaited<ReturnType<typeof answered>> = []
  let { cursor } = page
  for (let pages = 0; pages < mostPages; pages++) {
    // Never more than are wanted: the cursor stands behind the last that was looked at.
    const next: Page<RecordingRow> = await catalogue.listRecordings({ limit: page.limit - items.length, cursor })
    items = [...items, ...(await answered(next.items))]
    cursor = next.cursor
    if (cursor === null || items.length >= page.limit) break
  }
  return { json: { items, cursor } }
}

type Recording = ReturnType<typeof recordingAnswer>

function latestFirst(left: Recording, right: Recording): number {
  const [one, other] = [left.started_at ?? '', right.started_at ?? '']
  return one < other ? 1 : one > other ? -1 : 0
}

const placeMark = 'room-'

/** @throws BadCursor where it was not one of these. */
function placeIn(cursor: string | null): number {
  if (cursor === null) return 0
  const [, place] = /^room-(\d{1,9})$/.exec(cursor) ?? []
  if (place === undefined) throw new BadCursor()
  return Number(place)
}
