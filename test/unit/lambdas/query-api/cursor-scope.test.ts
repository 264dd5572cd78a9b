import { describe, expect, it } from 'vitest'
import { latestRecording, type RecordingState } from '../../../../core/state/exporter.ts'
import { fold } from '../../../../core/state/fold.ts'
import { addSample } from '../../../../core/usage/usage-hour.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'
import { createApi, noon } from './test-api.ts'

const hourMs = 3_600_000
const interval = 'from=2024-11-24T00:00Z&to=2024-11-25T00:00Z'

const openings = [0, 1, 2].flatMap((hours) => [
  event('open', {}, { at: noon + hours * hourMs }),
  event('close', { event_type: 'user' }, { at: noon + hours * hourMs + 60_000 }),
])
const sessions = ['A', 'B', 'C'].map((user_id) => ({
  room_id: 'R',
  user_id,
  user_name: null,
  session: { joined_at: noon, start_estimated: false, endpoint_type: null, reconnects: 0, end: null },
}))
const recordings = [0, 1, 2].map((hours) => {
  const at = noon + hours * hourMs
  const start = { exporter_id: 'E', start_time: String(at / 1000), event_type: 'success' }
  const [[, state] = []] = fold([event('start_record', start, { at })], rules)
  return { room_id: 'R', recording: latestRecording(state as RecordingState) }
})
const usage = [2, 1, 0].map((hours) =>
  addSample(undefined, { at: noon + hours * hourMs, people: 1, rooms: 1, meetings: 0 }),
)

const { get } = createApi({
  readRoomRecord: async () => ({ room: undefined, events: openings }),
  readRoomSessions: async () => [...sessions],
  listRecordingsOfRoom: async () => [...recordings],
  listHours: async () => ({ hours: usage, next: undefined }),
})

describe('a cursor', () => {
  it.each([
    ['meetings', 'room_id=R', ['room_id=S', 'room_id=R&order=newest']],
    ['attendance', 'room_id=R', ['room_id=S']],
    ['sessions', 'room_id=R', ['room_id=S', 'room_id=R&order=newest']],
    ['recordings', 'room_id=R', ['room_id=S', 'room_id=R&status=recording']],
    ['usage', 'period=hour', ['period=day']],
  ])('of /api/%s continues its own list and is refused for another one', async (list, query, others) => {
    const { body } = await get(`/api/${list}`, `${query}&${interval}&limit=1`)
    const { cursor } = body as { cursor: string }
    const continueWith = (another: string) => get(`/api/${list}`, `${another}&limit=1&cursor=${cursor}`)
    expect(await continueWith(`${query}&${interval}`)).toMatchObject({ status: 200, body: { items: [{}] } })
    const otherInterval = `${query}&${interval.replace('24T00', '24T01')}`
    const refused = [otherInterval, ...others.map((one) => `${one}&${interval}`)]
    for (const another of refused) expect(await continueWith(another)).toMatchObject({ status: 400 })
  })
})
