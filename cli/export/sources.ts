import { summarizeAttendance } from '../../core/meetings/attendance.ts'
import { measureMeeting } from '../../core/meetings/meetings.ts'
import { indexOccupancies, listMeetings, selectHistory } from '../../core/meetings/room-meetings.ts'
import type { CatalogReader } from '../../core/ports/catalog-reader.ts'
import type { MeetingReader } from '../../core/ports/meeting-reader.ts'
import type { Page } from '../../core/ports/page.ts'
import { allTime, isWithin, type Period } from '../../core/ports/period.ts'
import type { RoomReader, TimelineEntry } from '../../core/ports/room-reader.ts'
import type { SessionReader, SessionRow } from '../../core/ports/session-reader.ts'
import { type PresentedRecording, presentRecording } from '../../core/presentation/recording-presenter.ts'
import { recordingTime } from '../../core/state/recording.ts'
import { overlaps } from '../../core/state/session.ts'
import type { InRoom } from './row-formats.ts'

export interface ExportReaders {
  readonly meetings: MeetingReader
  readonly rooms: RoomReader
  readonly sessions: SessionReader
  readonly catalog: CatalogReader
}

export interface ExportRequest {
  readonly readers: ExportReaders
  readonly period: Period
  readonly roomId: string | undefined
  readonly userId: string | undefined
  /** IANA name. */
  readonly timeZone: string
  /** ms since 1970: when the export was begun. */
  readonly now: number
  readonly signal: AbortSignal
}

/** Some rows, and where the export continues after them. */
export interface Chunk<Row> {
  readonly rows: readonly Row[]
  readonly place: string
}

const pageLimit = 1_000

/** Yields all items of a list. */
async function* readPages<Item>(
  read: (cursor: string | null) => Promise<Page<Item>>,
  start: string | null = null,
): AsyncGenerator<Page<Item>> {
  let cursor = start
  do {
    const page = await read(cursor)
    yield page
    cursor = page.cursor
  } while (cursor !== null)
}

/** Lists the rooms to read, sorted by id: a fixed order in which an export can be continued. */
export async function listRoomIds(request: ExportRequest, isOfSessions: boolean): Promise<string[]> {
  const { readers, roomId, userId, signal } = request
  if (roomId !== undefined) return [roomId]
  const ids = new Set<string>()
  const pages =
    userId !== undefined && isOfSessions
      ? readPages((cursor) => readers.sessions.listByUser(userId, { limit: pageLimit, cursor }, signal))
      : readPages((cursor) => readers.rooms.listRooms('all', { limit: pageLimit, cursor }, signal))
  for await (const { items } of pages) for (const { room_id } of items) ids.add(room_id)
  return [...ids].sort()
}

export async function readSessions(request: ExportRequest, room_id: string): Promise<SessionRow[]> {
  const { period } = request
  const rows = await readRoomSessions(request, room_id, period)
  return rows
    .filter(({ session }) => overlaps(session, period))
    .sort((one, other) => one.session.joined_at - other.session.joined_at || (one.user_id < other.user_id ? -1 : 1))
}

async function readRoomSessions({ readers, userId, signal }: ExportRequest, roomId: string, period: Period) {
  const rows = await readers.meetings.readRoomSessions(roomId, period, signal)
  return userId === undefined ? rows : rows.filter((row) => row.user_id === userId)
}

export async function readAttendance(request: ExportRequest, room_id: string) {
  const { period, now } = request
  const rows = await readRoomSessions(request, room_id, period)
  return summarizeAttendance(rows, period, now).map((item) => ({ room_id, item }))
}

/** Reads the meetings of a room as the query API does; of a user, those that overlap a session of the user. */
export async function readMeetings(request: ExportRequest, room_id: string) {
  const { readers, period, userId, now, signal } = request
  const record = await readers.meetings.readRoomRecord(room_id, signal)
  const history = selectHistory(record, period)
  const sessions = await readers.meetings.readRoomSessions(room_id, { ...allTime, from: history.since }, signal)
  const occupancies = indexOccupancies(sessions)
  const own = sessions.filter((row) => row.user_id === userId)
  return listMeetings({ record, history, sessions, now }, occupancies, period)
    .map((opening) => measureMeeting(opening, occupancies, now))
    .filter(({ opened_at, closed_at }) => {
      const interval = { from: opened_at, to: Math.max(closed_at ?? now, opened_at + 1) }
      return userId === undefined || own.some(({ session }) => overlaps(session, interval))
    })
    .map((item): InRoom<typeof item> => ({ room_id, item }))
}

/** Rooms that are read at the same time. */
const roomConcurrency = 8

/** Reads room after room. @param place the last room that is done; null at the beginning. */
export async function* readByRoom<Row>(
  roomIds: readonly string[],
  place: string | null,
  readRoom: (roomId: string) => Promise<readonly Row[]>,
): AsyncGenerator<Chunk<Row>> {
  const pending = roomIds.filter((id) => place === null || id > place)
  for (let start = 0; start < pending.length; start += roomConcurrency) {
    const group = pending.slice(start, start + roomConcurrency)
    const read = await Promise.all(group.map(readRoom))
    for (const [index, rows] of read.entries()) yield { rows, place: group[index] ?? '' }
  }
}

/** Reads the events of room after room, and then the warnings of the media servers. */
export async function* readEvents(
  request: ExportRequest,
  roomIds: readonly string[],
  place: string | null,
): AsyncGenerator<Chunk<TimelineEntry>> {
  const { readers, period, roomId, userId: user_id, signal } = request
  const lists = roomIds.map((id) => ({
    key: `room ${id}`,
    read: (cursor: string | null) =>
      readers.rooms.readTimeline(id, { limit: pageLimit, cursor, order: 'oldest', period, user_id }, signal),
  }))
  if (roomId === undefined && user_id === undefined) {
    const boxes = readPages((cursor) => readers.catalog.listBoxes({ limit: pageLimit, cursor }, signal))
    for await (const { items } of boxes) {
      for (const { box_code } of items) {
        const read = (cursor: string | null) =>
          readers.rooms.readWarnings(box_code, { limit: pageLimit, cursor, order: 'oldest', period }, signal)
        // Media servers come after all rooms.
        lists.push({ key: `server ${box_code}`, read })
      }
    }
  }
  const [doneKey, cursor] = place === null ? [undefined, null] : (JSON.parse(place) as [string, string | null])
  for (const { key, read } of lists.sort((one, other) => (one.key < other.key ? -1 : 1))) {
    if (doneKey !== undefined && (key < doneKey || (key === doneKey && cursor === null))) continue
    for await (const page of readPages(read, key === doneKey ? cursor : null))
      yield { rows: page.items, place: JSON.stringify([key, page.cursor]) }
  }
}

/** Reads the recordings of all rooms, or of one, newest first. */
export async function* readRecordings(
  request: ExportRequest,
  place: string | null,
): AsyncGenerator<Chunk<PresentedRecording>> {
  const { readers, period, roomId, timeZone, now, signal } = request
  const { catalog } = readers
  const start = place === null ? null : (JSON.parse(place) as string | null)
  if (place !== null && start === null) return
  const read = async (cursor: string | null) => {
    if (roomId === undefined) return catalog.listRecordings({ limit: pageLimit, cursor, period }, signal)
    const items = await catalog.listRecordingsOfRoom(roomId, signal)
    return { items: items.filter(({ recording }) => isWithin(recordingTime(recording), period)), cursor: null }
  }
  for await (const { items, cursor } of readPages(read, start)) {
    const unfinished = items.filter(({ recording }) => recording.status === 'recording').map((row) => row.room_id)
    const closingTimes = await catalog.readClosingTimes(unfinished, signal)
    const rows = items.map((row) => presentRecording(row, closingTimes.get(row.room_id) ?? null, { timeZone, now }))
    yield { rows, place: JSON.stringify(cursor) }
  }
}
