import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

describe('through the running system', () => {
  let system: System
  let serial = 0

  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system.run.stop())

  /** Calls back in this order, each at its own millisecond, then waits until all is applied. */
  async function happens(...events: Record<string, string>[]): Promise<void> {
    for (const params of events) {
      expect(await system.callback({ trace_id: `trace-${serial++}`, ...params })).toMatchObject({
        status: 200,
        body: { ret: 0, msg: 'ok' },
      })
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await system.settle()
  }
  const room = async (id: string) => (await system.query(`/api/rooms/${id}`)).body

  it("the document's own example request is accepted and in the log of its room", async () => {
    const example =
      '/room_event_history/feedback?token=77e19b23-529c-41f7-b2a6-349d4539c8ac&room_id=18972290508&event=leave&event_type=normal&user_id=1&endpoint_type=web&user_name=shan'
    expect(await system.request(example)).toMatchObject({ status: 200, body: { ret: 0, msg: 'ok' } })
    await system.settle()
    const { body } = await system.query('/api/rooms/18972290508/events')
    expect(body).toMatchObject({
      items: [{ event: 'leave', source: 'callback', params: { user_name: 'shan', token: '[redacted]' } }],
      cursor: null,
    })
    // A leave of somebody who was not there changes nothing.
    expect(await system.query('/api/rooms/18972290508')).toMatchObject({ status: 404 })
  })

  it('open, then open again, then close', async () => {
    await happens({ event: 'open', room_id: 'A' })
    expect(await room('A')).toMatchObject({
      room: { room_id: 'A', status: 'open', opened_at: expect.stringMatching(iso), reopened: 0, estimated: false },
    })
    await happens({ event: 'open', room_id: 'A' })
    expect(await room('A')).toMatchObject({ room: { status: 'open', reopened: 1 } })
    await happens({ event: 'close', room_id: 'A', event_type: 'auto' })
    expect(await room('A')).toMatchObject({
      room: { status: 'closed', close_reason: 'auto', closed_at: expect.stringMatching(iso), present: 0 },
    })
  })

  it('join, update, publish, sub, unsub, unpublish, leave', async () => {
    const who = { room_id: 'B', user_id: '7' }
    const camera = { ...who, stream_id: 'cam', stream_type: 'video', resolution: '1280x720' }
    const remote = { ...who, stream_id: 'far', stream_type: 'audio' }
    await happens(
      { event: 'join', ...who, event_type: 'normal', endpoint_type: 'web', user_name: '王小明' },
      { event: 'update', ...who, event_type: 'userInfo', user_name: '李雷 🎥' },
      { event: 'publish', ...camera },
      { event: 'sub', ...remote },
    )
    const subscription = { stream_id: 'far', stream_type: 'audio', since: expect.stringMatching(iso) }
    expect(await room('B')).toMatchObject({
      room: { status: 'open', estimated: true, present: 1 },
      participants: [
        {
          user_id: '7',
          user_name: '李雷 🎥',
          status: 'in_room',
          endpoint_type: 'web',
          reconnects: 0,
          left_at: null,
          streams: [
            { stream_id: 'cam', stream_type: 'video', resolution: '1280x720', since: expect.stringMatching(iso) },
          ],
          subscriptions: [subscription],
        },
      ],
    })
    await happens({ event: 'unsub', ...remote }, { event: 'unpublish', ...camera })
    expect(await room('B')).toMatchObject({ participants: [{ status: 'in_room', streams: [], subscriptions: [] }] })
    await happens({ event: 'leave', ...who, event_type: 'clientkick' })
    expect(await room('B')).toMatchObject({
      participants: [{ status: 'left', leave_reason: 'client_kick', left_at: expect.stringMatching(iso) }],
    })
  })

  it("a room's close ends the sessions in it", async () => {
    await happens(
      { event: 'open', room_id: 'C' },
      { event: 'join', room_id: 'C', user_id: '1', event_type: 'normal', endpoint_type: 'ios' },
      { event: 'join', room_id: 'C', user_id: '1', event_type: 'normal', endpoint_type: 'ios' },
      { event: 'close', room_id: 'C', event_type: 'user' },
    )
    expect(await room('C')).toMatchObject({
      room: { status: 'closed', close_reason: 'user', present: 0 },
      participants: [{ status: 'left', leave_reason: 'room_closed', reconnects: 1 }],
    })
  })

  it('start_record, stop_record, record_transcoding_completion', async () => {
    const recording = { room_id: 'D', exporter_type: 'mp4', exporter_id: 'E1', start_time: '2024-07-04 08:00:00' }
    const recordings = async () => (await room('D')) as { recordings: unknown[] }
    await happens({ event: 'start_record', ...recording, event_type: 'success' })
    expect((await recordings()).recordings).toMatchObject([
      { exporter_id: 'E1', status: 'recording', started_at: '2024-07-04T00:00:00.000Z' },
    ])
    await happens({ event: 'stop_record', ...recording, event_type: 'success', stop_time: '2024-07-04 09:00:00' })
    expect((await recordings()).recordings).toMatchObject([
      { status: 'stopped', stopped_at: '2024-07-04T01:00:00.000Z' },
    ])
    await happens({
      event: 'record_transcoding_completion',
      ...recording,
      event_type: 'success',
      options: '[{"file":"a.mp4"}]',
    })
    expect((await recordings()).recordings).toMatchObject([
      { status: 'ready', files: [{ file: 'a.mp4' }], reason: null },
    ])
    await happens({ event: 'start_record', ...recording, exporter_id: 'E2', event_type: 'faild', options: 'disk full' })
    expect((await recordings()).recordings).toMatchObject([
      { exporter_id: 'E1', status: 'ready' },
      { exporter_id: 'E2', status: 'failed', reason: 'disk full' },
    ])
  })

  it('warning_notify reaches the state of its box', async () => {
    const options = '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]'
    await happens({ event: 'warning_notify', event_type: 'check_port', box_code: 'box-01', options })
    expect(await system.storedItem('box/box-01', 'box')).toMatchObject({
      state: {
        M: {
          alerts_sent: { N: '1' },
          ports: { L: [{ M: { port: { N: '8088' } } }, { M: { port: { N: '7630' } } }] },
        },
      },
    })
  })

  it('an event of a later release is kept and shown under its own name, without effect', async () => {
    await happens({ event: 'hologram_on', room_id: 'F', density: '9' })
    expect((await system.query('/api/rooms/F/events')).body).toMatchObject({
      items: [{ event: 'hologram_on', params: { density: '9' } }],
    })
  })

  it('the log pages in order, and so do the rooms', async () => {
    const trail = ['open', 'join', 'leave', 'join', 'leave'].map((event) => ({
      event,
      room_id: 'G',
      user_id: '1',
      event_type: 'normal',
    }))
    await happens(...trail)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await system.query(`/api/rooms/G/events?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
      const page = body as { items: { event: string }[]; cursor: string | null }
      seen.push(...page.items.map((item) => item.event))
      cursor = page.cursor
    } while (cursor !== null)
    expect(seen).toEqual(trail.map(({ event }) => event))
    const ids = new Set<string>()
    do {
      const { body } = await system.query(`/api/rooms?status=all&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`)
      const page = body as { items: { room_id: string }[]; cursor: string | null }
      for (const { room_id } of page.items) ids.add(room_id)
      cursor = page.cursor
    } while (cursor !== null)
    // B is open only by its people, and they have left; D and F never had an open or a close.
    expect([...ids].sort()).toEqual(['A', 'C', 'G'])
  })

  it('a page of the log goes on behind an entry that has the same place in the order as the next', async () => {
    const shared = { trace_id: 'shared', room_id: 'H', event_type: 'normal' }
    for (const user_id of ['a', 'b', 'c'])
      await system.enqueue({ ...shared, event: 'join', user_id }, 1_768_438_800_000)
    await system.settle()
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await system.query(`/api/rooms/H/events?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`)
      const page = body as { items: { params: { user_id: string } }[]; cursor: string | null }
      seen.push(...page.items.map((item) => item.params.user_id))
      cursor = page.cursor
    } while (cursor !== null)
    expect(seen.sort()).toEqual(['a', 'b', 'c'])
  })

  it('a page of rooms goes on behind the last room, whoever joins that room meanwhile', async () => {
    const rooms = Array.from({ length: 12 }, (_, index) => `page-${index}`)
    for (const room_id of rooms)
      await happens({ event: 'open', room_id }, { event: 'join', room_id, user_id: 'b', event_type: 'normal' })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await system.query(`/api/rooms?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`)
      const page = body as { items: { room_id: string }[]; cursor: string | null }
      for (const { room_id } of page.items) {
        seen.push(room_id)
        await happens({ event: 'join', room_id, user_id: '🎥 later', event_type: 'normal' })
      }
      cursor = page.cursor
    } while (cursor !== null)
    expect(seen.filter((id) => id.startsWith('page-')).sort()).toEqual(rooms.sort())
  })
})
