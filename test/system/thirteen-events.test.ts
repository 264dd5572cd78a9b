import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

describe('the running system', () => {
  let system: System
  let eventCount = 0

  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system.run.stop())

  /** Sends the events in this order, each in a different millisecond, and waits until they are applied. */
  async function send(...events: Record<string, string>[]): Promise<void> {
    for (const params of events) {
      expect(await system.callback({ trace_id: `trace-${eventCount++}`, ...params })).toMatchObject({
        status: 200,
        body: { ret: 0, msg: 'ok' },
      })
      await sleep(2)
    }
    await system.settle()
  }
  /** Reads the next page of a list only after all items of the previous page were consumed. */
  async function* listItems<Item>(path: string): AsyncGenerator<Item> {
    let cursor: string | null = null
    do {
      const { body } = await system.query(cursor === null ? path : `${path}&cursor=${cursor}`)
      const page = body as { items: Item[]; cursor: string | null }
      yield* page.items
      cursor = page.cursor
    } while (cursor !== null)
  }
  const getRoom = async (id: string) => (await system.query(`/api/rooms/${id}`)).body

  it('accepts the example request of the vendor document and records it in the log of its room', async () => {
    const example =
      '/room_event_history/feedback?token=77e19b23-529c-41f7-b2a6-349d4539c8ac&room_id=18972290508&event=leave&event_type=normal&user_id=1&endpoint_type=web&user_name=shan'
    expect(await system.request(example)).toMatchObject({ status: 200, body: { ret: 0, msg: 'ok' } })
    await system.settle()
    const { body } = await system.query('/api/rooms/18972290508/events')
    expect(body).toMatchObject({
      items: [{ event: 'leave', source: 'callback', params: { user_name: 'shan', token: '[redacted]' } }],
      cursor: null,
    })
    // A leave without a join does not create a room.
    expect(await system.query('/api/rooms/18972290508')).toMatchObject({ status: 404 })
  })

  it('applies open, a second open and close to the room', async () => {
    await send({ event: 'open', room_id: 'A' })
    expect(await getRoom('A')).toMatchObject({
      room: {
        room_id: 'A',
        status: 'open',
        opened_at: expect.stringMatching(isoPattern),
        reopened: 0,
        estimated: false,
      },
    })
    await send({ event: 'open', room_id: 'A' })
    expect(await getRoom('A')).toMatchObject({ room: { status: 'open', reopened: 1 } })
    await send({ event: 'close', room_id: 'A', event_type: 'auto' })
    expect(await getRoom('A')).toMatchObject({
      room: { status: 'closed', close_reason: 'auto', closed_at: expect.stringMatching(isoPattern), present: 0 },
    })
  })

  it('applies join, update, publish, sub, unsub, unpublish and leave to the participant', async () => {
    const participant = { room_id: 'B', user_id: '7' }
    const camera = { ...participant, stream_id: 'cam', stream_type: 'video', resolution: '1280x720' }
    const remote = { ...participant, stream_id: 'far', stream_type: 'audio' }
    await send(
      { event: 'join', ...participant, event_type: 'normal', endpoint_type: 'web', user_name: '王小明' },
      { event: 'update', ...participant, event_type: 'userInfo', user_name: '李雷 🎥' },
      { event: 'publish', ...camera },
      { event: 'sub', ...remote },
    )
    const subscription = { stream_id: 'far', stream_type: 'audio', since: expect.stringMatching(isoPattern) }
    expect(await getRoom('B')).toMatchObject({
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
            {
              stream_id: 'cam',
              stream_type: 'video',
              resolution: '1280x720',
              since: expect.stringMatching(isoPattern),
            },
          ],
          subscriptions: [subscription],
        },
      ],
    })
    await send({ event: 'unsub', ...remote }, { event: 'unpublish', ...camera })
    expect(await getRoom('B')).toMatchObject({ participants: [{ status: 'in_room', streams: [], subscriptions: [] }] })
    await send({ event: 'leave', ...participant, event_type: 'clientkick' })
    expect(await getRoom('B')).toMatchObject({
      participants: [{ status: 'left', leave_reason: 'client_kick', left_at: expect.stringMatching(isoPattern) }],
    })
  })

  it('ends the sessions in a room when the room closes', async () => {
    await send(
      { event: 'open', room_id: 'C' },
      { event: 'join', room_id: 'C', user_id: '1', event_type: 'normal', endpoint_type: 'ios' },
      { event: 'join', room_id: 'C', user_id: '1', event_type: 'normal', endpoint_type: 'ios' },
      { event: 'close', room_id: 'C', event_type: 'user' },
    )
    expect(await getRoom('C')).toMatchObject({
      room: { status: 'closed', close_reason: 'user', present: 0 },
      participants: [{ status: 'left', leave_reason: 'room_closed', reconnects: 1 }],
    })
  })

  it('applies start_record, stop_record and record_transcoding_completion to the recording', async () => {
    const recording = { room_id: 'D', exporter_type: 'mp4', exporter_id: 'E1', start_time: '2024-07-04 08:00:00' }
    const getRecordings = async () => ((await getRoom('D')) as { recordings: unknown[] }).recordings
    await send({ event: 'start_record', ...recording, event_type: 'success' })
    expect(await getRecordings()).toMatchObject([
      { exporter_id: 'E1', status: 'recording', started_at: '2024-07-04T00:00:00.000Z' },
    ])
    await send({ event: 'stop_record', ...recording, event_type: 'success', stop_time: '2024-07-04 09:00:00' })
    expect(await getRecordings()).toMatchObject([{ status: 'stopped', stopped_at: '2024-07-04T01:00:00.000Z' }])
    await send({
      event: 'record_transcoding_completion',
      ...recording,
      event_type: 'success',
      options: '[{"file":"a.mp4"}]',
    })
    expect(await getRecordings()).toMatchObject([{ status: 'ready', files: [{ file: 'a.mp4' }], reason: null }])
    await send({ event: 'start_record', ...recording, exporter_id: 'E2', event_type: 'faild', options: 'disk full' })
    expect(await getRecordings()).toMatchObject([
      { exporter_id: 'E2', status: 'failed', reason: 'disk full' },
      { exporter_id: 'E1', status: 'ready' },
    ])
  })

  it('applies warning_notify to the state of the media server', async () => {
    const options = '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]'
    await send({ event: 'warning_notify', event_type: 'check_port', box_code: 'box-01', options })
    expect(await system.storedItem({ kind: 'box', box_code: 'box-01' })).toMatchObject({
      state: {
        M: {
          alerts_sent: { N: '1' },
          ports: { L: [{ M: { port: { N: '8088' } } }, { M: { port: { N: '7630' } } }] },
        },
      },
    })
  })

  it('records an unknown event under its own name without applying it', async () => {
    await send({ event: 'hologram_on', room_id: 'F', density: '9' })
    expect((await system.query('/api/rooms/F/events')).body).toMatchObject({
      items: [{ event: 'hologram_on', params: { density: '9' } }],
    })
  })

  it('returns the event log in order and all rooms over several pages', async () => {
    const events = ['open', 'join', 'leave', 'join', 'leave'].map((event) => ({
      event,
      room_id: 'G',
      user_id: '1',
      event_type: 'normal',
    }))
    await send(...events)
    const seen: string[] = []
    for await (const item of listItems<{ event: string }>('/api/rooms/G/events?limit=2')) seen.push(item.event)
    expect(seen).toEqual(events.map(({ event }) => event))
    const ids = new Set<string>()
    for await (const { room_id } of listItems<{ room_id: string }>('/api/rooms?status=all&limit=1')) ids.add(room_id)
    // B was open because it had participants; D and F had neither participants nor an open or close event.
    expect([...ids].sort()).toEqual(['A', 'B', 'C', 'G'])
  })

  it('resumes the event log between events with the same order key', async () => {
    const shared = { trace_id: 'shared', room_id: 'H', event_type: 'normal' }
    for (const user_id of ['a', 'b', 'c'])
      await system.enqueue({ ...shared, event: 'join', user_id }, 1_768_438_800_000)
    await system.settle()
    const seen: string[] = []
    const items = listItems<{ params: { user_id: string } }>('/api/rooms/H/events?limit=1')
    for await (const { params } of items) seen.push(params.user_id)
    expect(seen.sort()).toEqual(['a', 'b', 'c'])
  })

  it('resumes the room list after the last room, even if a user has joined that room since', async () => {
    const rooms = Array.from({ length: 12 }, (_, index) => `page-${index}`)
    for (const room_id of rooms)
      await send({ event: 'open', room_id }, { event: 'join', room_id, user_id: 'b', event_type: 'normal' })
    const seen: string[] = []
    for await (const { room_id } of listItems<{ room_id: string }>('/api/rooms?limit=1')) {
      seen.push(room_id)
      await send({ event: 'join', room_id, user_id: '🎥 later', event_type: 'normal' })
    }
    expect(seen.filter((id) => id.startsWith('page-')).sort()).toEqual(rooms.sort())
  })
})
