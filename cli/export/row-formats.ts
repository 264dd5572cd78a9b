import type { Attendance } from '../../core/meetings/attendance.ts'
import type { Meeting } from '../../core/meetings/meetings.ts'
import { toEventRecord } from '../../core/notifications/room-event.ts'
import type { TimelineEntry } from '../../core/ports/room-reader.ts'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { type CsvRow, recordingColumns, userSessionColumns } from '../../core/presentation/csv.ts'
import { attendanceColumns, meetingColumns } from '../../core/presentation/meeting-columns.ts'
import { presentAttendance, presentMeeting } from '../../core/presentation/meeting-presenter.ts'
import type { PresentedRecording } from '../../core/presentation/recording-presenter.ts'
import { roomColumn, sessionTableColumns } from '../../core/presentation/session-columns.ts'
import { presentUserSession } from '../../core/presentation/session-presenter.ts'
import type { TableCell, TableColumn } from '../../core/presentation/tables.ts'
import { nameRecordingStatus } from '../../core/presentation/wire-words.ts'

/** How rows of a kind are written: as in the files and the JSON of the query API. */
export interface RowFormat<Row> {
  readonly toJson: (row: Row) => object
  /** The CSV for programs, with the names of the API. Without it, a CSV is the table. */
  readonly csv?: { readonly columns: readonly string[]; readonly toRecord: (row: Row) => CsvRow<string> }
  /** The table for people. */
  readonly columns: readonly TableColumn<Row>[]
}

/** Something about a room. */
export interface InRoom<Item> {
  readonly room_id: string
  readonly item: Item
}

function inRoom<Item>(columns: readonly TableColumn<Item>[]): TableColumn<InRoom<Item>>[] {
  const ofItems = columns.map(({ title, cell }): TableColumn<InRoom<Item>> => {
    return { title, cell: ({ item }, language) => cell(item, language) }
  })
  return [roomColumn, ...ofItems]
}

export const sessionFormat: RowFormat<SessionRow> = {
  toJson: presentUserSession,
  csv: { columns: userSessionColumns, toRecord: presentUserSession },
  columns: sessionTableColumns,
}

/** @param now ms since 1970: until when a meeting counts that has not ended. */
export function meetingFormat(now: number): RowFormat<InRoom<Meeting>> {
  return {
    toJson: ({ room_id, item }) => presentMeeting(room_id, item, now),
    columns: inRoom(meetingColumns(now)),
  }
}

export const attendanceFormat: RowFormat<InRoom<Attendance>> = {
  toJson: ({ room_id, item }) => ({ room_id, ...presentAttendance(item) }),
  columns: inRoom(attendanceColumns),
}

const text = (value: string | null | undefined): TableCell =>
  value === null || value === undefined ? null : { exact: value }
const time = (iso: string | null): TableCell => (iso === null ? null : { at: Date.parse(iso) })

function flattenRecording({ file_list, files_truncated: _, ...recording }: PresentedRecording) {
  return { ...recording, files: file_list.map(({ name }) => name).join(', ') }
}

export const recordingFormat: RowFormat<PresentedRecording> = {
  toJson: (recording) => recording,
  csv: { columns: recordingColumns, toRecord: flattenRecording },
  columns: [
    roomColumn,
    { title: { en: 'Recording ID', zh: '录制 ID' }, cell: ({ exporter_id }) => text(exporter_id) },
    { title: { en: 'Recording type', zh: '录制类型' }, cell: ({ exporter_type }) => text(exporter_type) },
    {
      title: { en: 'Status', zh: '状态' },
      cell: ({ status }, language) => nameRecordingStatus(status, language),
    },
    { title: { en: 'Started', zh: '开始时间' }, cell: ({ started_at }) => time(started_at) },
    { title: { en: 'Stopped', zh: '停止时间' }, cell: ({ stopped_at }) => time(stopped_at) },
    { title: { en: 'Ready', zh: '转码完成时间' }, cell: ({ ready_at }) => time(ready_at) },
    { title: { en: 'Files', zh: '文件' }, cell: (recording) => text(flattenRecording(recording).files) },
    { title: { en: 'Reason', zh: '原因' }, cell: ({ reason }) => text(reason) },
  ],
}

function toEventJson({ event, quarantined }: TimelineEntry) {
  return { ...toEventRecord(event), ...(quarantined === undefined ? {} : { quarantined }) }
}

const eventColumns = [
  'room_id',
  'user_id',
  'event',
  'received_at',
  'source',
  'trace_id',
  'params',
  'quarantined',
] as const

function toEventCsv(entry: TimelineEntry): CsvRow<(typeof eventColumns)[number]> {
  const { params, ...record } = toEventJson(entry)
  const { room_id = null, user_id = null } = params
  return { room_id, user_id, ...record, params: JSON.stringify(params), quarantined: entry.quarantined ?? null }
}

export const eventFormat: RowFormat<TimelineEntry> = {
  toJson: toEventJson,
  csv: { columns: eventColumns, toRecord: toEventCsv },
  columns: [
    { title: { en: 'Room ID', zh: '房间 ID' }, cell: ({ event }) => text(event.params.room_id) },
    { title: { en: 'User ID', zh: '用户 ID' }, cell: ({ event }) => text(event.params.user_id) },
    { title: { en: 'Event', zh: '事件' }, cell: ({ event }) => text(event.event) },
    { title: { en: 'Received', zh: '接收时间' }, cell: ({ event }) => ({ at: event.received_at }) },
    { title: { en: 'Source', zh: '来源' }, cell: ({ event }) => text(event.source) },
    { title: { en: 'Trace ID', zh: 'trace_id' }, cell: ({ event }) => text(event.trace_id) },
    { title: { en: 'Parameters', zh: '参数' }, cell: ({ event }) => text(JSON.stringify(event.params)) },
    { title: { en: 'Quarantined', zh: '隔离原因' }, cell: ({ quarantined }) => text(quarantined) },
  ],
}
