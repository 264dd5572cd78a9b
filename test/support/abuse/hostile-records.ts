import { latestRecording, type RecordingState } from '../../../core/state/exporter.ts'
import { fold } from '../../../core/state/fold.ts'
import { addSample } from '../../../core/usage/usage-hour.ts'
import { rules } from '../apply.ts'
import { event } from '../events.ts'
import { formulas, markup } from './hostile-text.ts'

const hourMs = 3_600_000
const noon = Date.UTC(2024, 10, 24, 12)
const names = [...formulas, ...markup]

const sessions = names.map((name, index) => ({
  room_id: name,
  user_id: name,
  user_name: name,
  session: { joined_at: noon + index, start_estimated: false, endpoint_type: name, reconnects: 0, end: null },
}))
const recordings = names.flatMap((name) => {
  const params = { exporter_id: name, exporter_type: name, start_time: name, event_type: 'faild', options: name }
  const failed = event('record_transcoding_completion', params, { at: noon })
  return [...fold([failed], rules).values()].map((state) => ({
    room_id: name,
    recording: latestRecording(state as RecordingState),
  }))
})
const openings = [0, 1].flatMap((hour) => [
  event('open', {}, { at: noon + hour * hourMs }),
  event('close', { event_type: 'user' }, { at: noon + hour * hourMs + 60_000 }),
])
const events = names.map((name) => ({ event: event(name, { user_name: name }, { at: noon }), quarantined: name }))

const sampleHour = (hour: number) =>
  addSample(undefined, { at: noon + hour * hourMs, people: 1, rooms: 1, meetings: 0 })

/** Readers whose records have names that spreadsheets run and browsers interpret. They take any cursor. */
export const hostileRecords = {
  readRoomRecord: async () => ({ room: undefined, events: openings }),
  readRoomSessions: async () => [...sessions],
  listByRoom: async () => ({ items: sessions, cursor: null }),
  listByUser: async () => ({ items: sessions, cursor: null }),
  listRecordings: async () => ({ items: recordings.map((recording) => ({ ...recording, cursor: 'c' })), cursor: null }),
  listRecordingsOfRoom: async () => [...recordings],
  readTimeline: async () => ({ items: events, cursor: null }),
  listHours: async () => ({ hours: [1, 0].map(sampleHour), next: undefined }),
}
