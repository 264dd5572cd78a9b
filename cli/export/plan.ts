import { createEncoder, type Encoder, type FileFormat, type TableOptions } from './encoder.ts'
import {
  attendanceFormat,
  eventFormat,
  meetingFormat,
  type RowFormat,
  recordingFormat,
  sessionFormat,
} from './row-formats.ts'
import {
  type Chunk,
  type ExportRequest,
  listRoomIds,
  readAttendance,
  readByRoom,
  readEvents,
  readMeetings,
  readRecordings,
  readSessions,
} from './sources.ts'

export const exportKinds = ['sessions', 'meetings', 'attendance', 'events', 'recordings'] as const
export type ExportKind = (typeof exportKinds)[number]

/** Rows as the text of a partial file, and where the export continues after them. */
export interface TextChunk {
  /** Made part by part: a room may have 200,000 rows. */
  readonly texts: Iterable<string>
  readonly rows: number
  /** Null if the source cannot be continued: a stopped export starts again. */
  readonly place: string | null
}

export interface ExportPlan {
  /** What a file begins with. */
  readonly header: string
  /** The titles of a workbook. */
  readonly titles: readonly string[]
  read(place: string | null): AsyncGenerator<TextChunk>
}

/** Rows that are encoded together. */
const maxPartRows = 1_000

function* encodeParts<Row>(rows: readonly Row[], encoder: Encoder<Row>): Generator<string> {
  for (let start = 0; start < rows.length; start += maxPartRows) {
    yield encoder.encode(rows.slice(start, start + maxPartRows))
  }
}

/** Decides how a kind is read and written. */
export function planExport(
  kind: ExportKind,
  format: FileFormat,
  request: ExportRequest,
  options: TableOptions,
): ExportPlan {
  const byRoom = <Row>(readRoom: (request: ExportRequest, roomId: string) => Promise<readonly Row[]>) =>
    async function* (place: string | null) {
      const roomIds = await listRoomIds(request, true)
      yield* readByRoom(roomIds, place, (roomId) => readRoom(request, roomId))
    }
  const plan = <Row>(
    rowFormat: RowFormat<Row>,
    read: (place: string | null) => AsyncGenerator<Chunk<Row>>,
  ): ExportPlan => {
    const encoder = createEncoder(format, rowFormat, options)
    return {
      header: encoder.header,
      titles: rowFormat.columns.map(({ title }) => title[options.language]),
      async *read(place) {
        for await (const chunk of read(place))
          yield { texts: encodeParts(chunk.rows, encoder), rows: chunk.rows.length, place: chunk.place }
      },
    }
  }
  switch (kind) {
    case 'sessions':
      return plan(sessionFormat, byRoom(readSessions))
    case 'meetings':
      return plan(meetingFormat(request.now), byRoom(readMeetings))
    case 'attendance':
      return plan(attendanceFormat, byRoom(readAttendance))
    case 'events':
      return plan(eventFormat, async function* (place) {
        yield* readEvents(request, await listRoomIds(request, false), place)
      })
    case 'recordings':
      return plan(recordingFormat, (place) => readRecordings(request, place))
  }
}
