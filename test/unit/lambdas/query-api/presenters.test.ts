import { describe, expect, it } from 'vitest'
import { type NorthboundEvent, parseEvent } from '../../../../core/protocol/events.ts'
import { event } from '../../../support/events.ts'
import { createApi, healthy, isoAfterNoon, noon, openRoom, roomDetailsAfter } from './test-api.ts'

const at = (ms: number, name: string, params: Record<string, string> = {}) => event(name, params, { at: noon + ms })
const video = { stream_id: 'S', stream_type: 'video', resolution: '640x480' }
const presentRoomAfter = async (...events: NorthboundEvent[]) =>
  (await createApi({ readRoom: async () => roomDetailsAfter(events) }).get('/api/rooms/R')).body

describe('a room in the room list', () => {
  it('has exactly the documented fields, with ISO times in UTC', async () => {
    const { body } = await createApi({ listRooms: async () => ({ items: [openRoom], cursor: null }) }).get('/api/rooms')
    expect(body).toEqual({
      items: [
        {
          room_id: 'R',
          name: null,
          status: 'open',
          opened_at: '2024-11-24T12:00:00.000Z',
          closed_at: null,
          close_reason: null,
          reopened: 1,
          present: 2,
          estimated: false,
        },
      ],
      cursor: null,
    })
  })

  it('is estimated if its opening or its closing is estimated', async () => {
    const { state } = openRoom
    const items = [
      { ...openRoom, state: { ...state, opening_estimated: true } },
      { ...openRoom, state: { ...state, closing_estimated: true } },
    ]
    const { body } = await createApi({ listRooms: async () => ({ items, cursor: null }) }).get('/api/rooms')
    expect(body).toMatchObject({ items: [{ estimated: true }, { estimated: true }] })
  })
})

describe('the details of a room', () => {
  it('contain the room, its participants and its recordings', async () => {
    const body = await presentRoomAfter(
      at(0, 'open'),
      at(1, 'join', { user_name: '王', endpoint_type: 'web' }),
      at(2, 'publish', video),
      at(3, 'sub', { stream_id: 'T', stream_type: 'audio' }),
      at(4, 'join'),
      at(5, 'start_record', {
        exporter_id: 'E',
        exporter_type: 'mp4',
        event_type: 'success',
        start_time: '1732444111',
      }),
    )
    expect(body).toEqual({
      room: {
        room_id: 'R',
        name: null,
        status: 'open',
        opened_at: isoAfterNoon(0),
        closed_at: null,
        close_reason: null,
        reopened: 0,
        present: 1,
        estimated: false,
      },
      participants: [
        {
          user_id: 'U',
          user_name: '王',
          status: 'in_room',
          joined_at: isoAfterNoon(1),
          left_at: null,
          leave_reason: null,
          endpoint_type: 'web',
          reconnects: 1,
          estimated: false,
          streams: [{ ...video, since: isoAfterNoon(2) }],
          subscriptions: [{ stream_id: 'T', stream_type: 'audio', since: isoAfterNoon(3) }],
        },
      ],
      recordings: [
        {
          room_id: 'R',
          exporter_id: 'E',
          exporter_type: 'mp4',
          status: 'recording',
          started_at: '2024-11-24T10:28:31.000Z',
          stopped_at: null,
          ready_at: null,
          files: null,
          file_list: [],
          reason: null,
        },
      ],
      cursor: null,
    })
  })

  it('show participants who left, with the reason', async () => {
    const left = [at(1, 'join'), at(9, 'leave', { event_type: 'clientKick' })]
    expect(await presentRoomAfter(at(0, 'open'), ...left)).toMatchObject({
      room: { present: 0 },
      participants: [
        { status: 'left', left_at: isoAfterNoon(9), leave_reason: 'client_kick', streams: [], subscriptions: [] },
      ],
    })
  })

  it('mark estimated values', async () => {
    const estimate = (ms: number, name: string) =>
      event(name, { event_type: 'reconciled' }, { at: noon + ms, source: 'reconcile' })
    expect(await presentRoomAfter(estimate(0, 'open'), estimate(1, 'join'))).toMatchObject({
      room: { estimated: true },
      participants: [{ estimated: true }],
    })
    expect(await presentRoomAfter(at(0, 'open'), at(1, 'join'), estimate(2, 'leave'))).toMatchObject({
      room: { estimated: false },
      participants: [{ estimated: true, leave_reason: 'reconciled' }],
    })
  })

  it('show a room as open if it has participants but no open event', async () => {
    const body = await presentRoomAfter(at(0, 'join'))
    expect(body).toMatchObject({ room: { status: 'open', estimated: true, present: 1 } })
    expect(body).toMatchObject({ participants: [{ user_id: 'U' }] })
  })

  it('show recording files as JSON if possible and as text otherwise, and read times in the configured zone', async () => {
    const recordingWithFiles = (options: string) =>
      presentRoomAfter(
        at(8, 'stop_record', {
          event_type: 'success',
          start_time: '2024-11-24 18:00:00',
          stop_time: 'soon',
          exporter_id: 'E',
        }),
        at(9, 'record_transcoding_completion', { event_type: 'success', exporter_id: 'E', options }),
      )
    expect(await recordingWithFiles('[{"file":"a.mp4"}]')).toMatchObject({
      recordings: [
        {
          status: 'ready',
          started_at: '2024-11-24T10:00:00.000Z',
          stopped_at: isoAfterNoon(8),
          ready_at: isoAfterNoon(9),
          files: [{ file: 'a.mp4' }],
        },
      ],
    })
    expect(await recordingWithFiles('a.mp4')).toMatchObject({ recordings: [{ files: 'a.mp4' }] })
    expect(await recordingWithFiles('x'.repeat(70_000))).toMatchObject({
      recordings: [{ files: 'x'.repeat(65_536), files_truncated: true }],
    })
  })
})

describe('the event log of a room', () => {
  it('contains trace_id, event, received_at, source and params', async () => {
    const params = { event: 'join', room_id: 'R', user_id: 'U', extra: 'x', token: '[redacted]' }
    const logged = parseEvent({ trace_id: 't', received_at: noon + 5, source: 'reconcile' }, params)
    const items = [{ event: logged, quarantined: undefined }]
    const { body } = await createApi({ readTimeline: async () => ({ items, cursor: 'c' }) }).get('/api/rooms/R/events')
    expect(body).toEqual({
      items: [{ trace_id: 't', event: 'join', received_at: isoAfterNoon(5), source: 'reconcile', params }],
      cursor: 'c',
    })
  })
})

describe('the statistics', () => {
  it('contain the time zone, open rooms, present participants and installation health', async () => {
    expect((await createApi().get('/api/stats')).body).toMatchObject({
      time_zone: 'Asia/Shanghai',
      rooms_open: 3,
      participants_present: 5,
      callbacks_last_hour: 7,
      drift_last_sweep: 2,
      last_sweep_at: isoAfterNoon(0),
      last_sweep_ok: true,
      dead_letters: 1,
      queue_depth: 4,
      last_callback_at: isoAfterNoon(-5),
      warnings: ['dead_letters'],
    })
  })

  it('contain null before the first sweep, and report disabled reconciliation', async () => {
    const [drift_last_sweep, last_sweep_at, last_sweep_ok] = [undefined, undefined, undefined]
    const sweeps = { drift_last_sweep, last_sweep_at, last_sweep_ok }
    const idle = {
      callbacks_last_hour: 0,
      last_callback_at: undefined,
      queue_depth: 0,
      dead_letters: 0,
      open_alerts: [],
      has_open_warnings: false,
      last_wrong_check_code_at: undefined,
    }
    const health = { ...idle, reconciliation: 'off' as const, ...sweeps }
    const { body } = await createApi({ health }).get('/api/stats')
    expect(body).toMatchObject({ drift_last_sweep: null, last_sweep_at: null, last_sweep_ok: null, warnings: [] })
    expect(JSON.stringify(body)).toContain('"off"')
  })

  it('list the open alerts of sweeps among the warnings', async () => {
    const health = { ...healthy, dead_letters: 0, open_alerts: ['callbacks_missing', 'sweep_failing'] as const }
    const { body } = await createApi({ health }).get('/api/stats')
    expect(body).toMatchObject({ warnings: ['callbacks_missing', 'sweep_failing'] })
  })
})

describe('the warnings of the statistics', () => {
  // The clock of the test API is two hours after noon.
  const hourMs = 3_600_000
  it.each([
    [{ has_open_warnings: true }, ['port_check']],
    [{ last_wrong_check_code_at: noon + hourMs + 1 }, ['refused_signatures']],
    [{ last_wrong_check_code_at: noon + hourMs }, []],
    [{ dead_letters: 1, has_open_warnings: true }, ['dead_letters', 'port_check']],
  ])('with %j are %j', async (change, warnings) => {
    const { body } = await createApi({ health: { ...healthy, dead_letters: 0, ...change } }).get('/api/stats')
    expect(body).toMatchObject({ warnings })
  })
})

describe('a running recording', () => {
  // The clock of the test API is two hours after noon.
  const hourMs = 3_600_000
  const statusesAfterClose = async (at: number) => {
    const events = [
      event('start_record', { event_type: 'success', exporter_id: 'E' }, { at: noon }),
      event('close', { event_type: 'auto' }, { at: noon + at }),
    ]
    const { body } = await createApi({ readRoom: async () => roomDetailsAfter(events) }).get('/api/rooms/R')
    return (body as { recordings: { status: string }[] }).recordings.map(({ status }) => status)
  }

  it('is stuck if its room closed more than an hour ago', async () => {
    expect(await statusesAfterClose(hourMs)).toEqual(['recording'])
    expect(await statusesAfterClose(hourMs - 1)).toEqual(['stuck'])
  })
})
