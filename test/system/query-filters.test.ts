import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const minuteMs = 60_000
const now = Date.now()
const iso = (minutesAgo: number) => encodeURIComponent(new Date(now - minutesAgo * minuteMs).toISOString())

let system: System
let lastTraceId = 0

function enqueue(event: string, minutesAgo: number, params: Record<string, string>) {
  lastTraceId += 1
  return system.enqueue({ event, trace_id: `t${lastTraceId}`, ...params }, now - minutesAgo * minuteMs)
}

async function list(path: string): Promise<{ items: Record<string, unknown>[]; cursor: string | null }> {
  const { status, body } = await system.query(path)
  expect(status, path).toBe(200)
  return body as { items: Record<string, unknown>[]; cursor: string | null }
}

beforeAll(async () => {
  system = await startSystem()
  for (const [room_id, minutesAgo] of [
    ['early', 300],
    ['late', 100],
  ] as const) {
    await enqueue('open', minutesAgo, { room_id })
    await enqueue('join', minutesAgo - 10, { room_id, user_id: 'ann', endpoint_type: 'web', event_type: 'normal' })
    await enqueue('join', minutesAgo - 11, { room_id, user_id: 'bo', endpoint_type: 'web', event_type: 'normal' })
    await enqueue('close', minutesAgo - 60, { room_id, event_type: 'user' })
    const recording = { room_id, exporter_id: 'E', exporter_type: 'mp4' }
    const sent = { ...recording, event_type: 'faild', options: 'disk full' }
    await enqueue('start_record', minutesAgo - 20, sent)
  }
  for (const minutesAgo of [200, 199, 50])
    await enqueue('warning_notify', minutesAgo, {
      box_code: 'box-1',
      event_type: 'check_port',
      options: '[{"type":"tcp","port":8088}]',
    })
  await system.settle()
})
afterAll(() => system.run.stop())

describe('the filters of the query API', () => {
  it('find sessions that overlap an interval, by room and by user', async () => {
    expect((await list(`/api/sessions?room_id=early&from=${iso(250)}&to=${iso(245)}`)).items).toHaveLength(2)
    expect((await list(`/api/sessions?room_id=early&from=${iso(230)}`)).items).toEqual([])
    expect((await list(`/api/sessions?user_id=ann&to=${iso(150)}`)).items).toMatchObject([{ room_id: 'early' }])
    expect((await list(`/api/users/ann/sessions?from=${iso(60)}`)).items).toMatchObject([{ room_id: 'late' }])
  })

  it('find events by participant, kind and time', async () => {
    const { items } = await list(`/api/events?room_id=early&user_id=bo&from=${iso(300)}&to=${iso(200)}`)
    expect(items).toMatchObject([{ event: 'join', params: { user_id: 'bo' } }])
    expect((await list(`/api/rooms/late/events?event=close&order=newest`)).items).toMatchObject([{ event: 'close' }])
  })

  it('find the warnings of a media server, and state that they are over', async () => {
    const first = await list('/api/events?box_code=box-1&order=newest&limit=1')
    const rest = await list(`/api/events?box_code=box-1&order=newest&cursor=${first.cursor}`)
    const times = [...first.items, ...rest.items].map(({ received_at }) => received_at)
    expect(times).toEqual([50, 199, 200].map((minutesAgo) => decodeURIComponent(iso(minutesAgo))))
    expect((await list('/api/boxes')).items).toMatchObject([
      { box_code: 'box-1', state: 'quiet', first_warning_at: decodeURIComponent(iso(50)) },
    ])
    expect(await system.query('/api/events?box_code=none')).toMatchObject({ status: 404 })
  })

  it('find recordings that failed to start, with their time, and as CSV', async () => {
    expect((await list(`/api/recordings?status=failed&from=${iso(90)}`)).items).toMatchObject([
      { room_id: 'late', started_at: decodeURIComponent(iso(80)), file_list: [], reason: 'disk full' },
    ])
    const { body } = await system.query(`/api/recordings?format=csv&to=${iso(90)}`)
    expect(String(body)).toMatch(/\r\nearly,E,mp4,failed,.*,disk full\r\n$/)
  })

  it('find closed rooms by the time of the close, newest first, and by a part of the id', async () => {
    const first = await list('/api/rooms?status=closed&limit=1')
    expect(first.items).toMatchObject([{ room_id: 'late' }])
    expect((await list(`/api/rooms?status=closed&cursor=${first.cursor}`)).items).toMatchObject([{ room_id: 'early' }])
    expect((await list(`/api/rooms?status=closed&to=${iso(200)}`)).items).toMatchObject([{ room_id: 'early' }])
    expect((await list('/api/rooms?status=all&q=LAT')).items).toMatchObject([{ room_id: 'late' }])
  })

  it('count the applied callbacks by kind', async () => {
    expect((await system.query('/api/callbacks')).body).toMatchObject({
      callbacks: 13,
      kinds: expect.arrayContaining([
        { event: 'join', sent_by: 'media_server', callbacks: 4 },
        { event: 'warning_notify', sent_by: 'master', callbacks: 3 },
      ]),
    })
  })
})
