import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { eventAt, recordingAfter } from './states.ts'

type RecordingParams = Record<string, string>
const identity = { exporter_id: 'E', exporter_type: 'mp4', start_time: '1732444111' }
const startAt = (ms: number, params: RecordingParams = {}) =>
  eventAt(ms, 'start_record', { ...identity, event_type: 'success', ...params })
const stopAt = (ms: number, params: RecordingParams = {}) =>
  eventAt(ms, 'stop_record', {
    ...identity,
    event_type: 'success',
    stop_time: '1732444999',
    options: '["stop.mp4"]',
    ...params,
  })
const completeAt = (ms: number, params: RecordingParams = {}) =>
  eventAt(ms, 'record_transcoding_completion', {
    ...identity,
    event_type: 'success',
    options: '["done.mp4"]',
    ...params,
  })
const failure = { event_type: 'faild', options: 'disk full' }
const stateAfter = (...events: NorthboundEvent[]) => recordingAfter('E', ...events)

describe('evolveRecordings', () => {
  it('progresses from recording to stopped to ready', () => {
    expect(stateAfter(startAt(10))).toMatchObject({
      status: 'recording',
      started_seen_at: 10,
      files: null,
      reason: null,
    })
    expect(stateAfter(startAt(10), stopAt(20))).toMatchObject({
      status: 'stopped',
      stop_time: '1732444999',
      stopped_seen_at: 20,
    })
    expect(stateAfter(startAt(10), stopAt(20), completeAt(30))).toMatchObject({ status: 'ready', ready_at: 30 })
  })

  it('stores the exporter and the start time as sent', () => {
    expect(stateAfter(startAt(10, { start_time: '2024-11-24 10:00:00' }))).toMatchObject({
      exporter_id: 'E',
      exporter_type: 'mp4',
      start_time: '2024-11-24 10:00:00',
    })
  })

  it('creates a recording from a stop or a completion without a start', () => {
    expect(stateAfter(stopAt(20))).toMatchObject({ status: 'stopped', start_time: '1732444111' })
    expect(stateAfter(completeAt(30))).toMatchObject({ status: 'ready', exporter_type: 'mp4' })
  })

  it('never goes back to an earlier status, in any order of receipt', () => {
    expect(stateAfter(stopAt(10), startAt(20))).toMatchObject({ status: 'stopped' })
    expect(stateAfter(completeAt(10), stopAt(20), startAt(30))).toMatchObject({ status: 'ready', ready_at: 10 })
    expect(stateAfter(startAt(10), stopAt(20), startAt(30))).toMatchObject({ status: 'stopped' })
  })

  it('takes the files from the options of a success, and prefers those of the completion', () => {
    expect(stateAfter(startAt(10), stopAt(20))).toMatchObject({ files: '["stop.mp4"]' })
    expect(stateAfter(startAt(10), stopAt(20), completeAt(30))).toMatchObject({ files: '["done.mp4"]', reason: null })
    expect(stateAfter(completeAt(10), stopAt(20))).toMatchObject({ files: '["done.mp4"]' })
    expect(stateAfter(stopAt(10), completeAt(20, { options: '' }))).toMatchObject({ files: '["stop.mp4"]' })
  })

  it.each([
    ['a failed start', [startAt(10, failure)]],
    ['a failed stop', [startAt(10), stopAt(20, failure)]],
    ['a failed transcoding', [startAt(10), stopAt(20), completeAt(30, failure)]],
  ])('sets the status to failed, with the reason, on %s', (_, events) => {
    expect(stateAfter(...events)).toMatchObject({ status: 'failed', reason: 'disk full' })
  })

  it('remembers when a failed stop was received, as that of a successful one', () => {
    expect(stateAfter(startAt(10), stopAt(20, failure))).toMatchObject({ stopped_seen_at: 20 })
    expect(stateAfter(startAt(10), stopAt(20))).toMatchObject({ stopped_seen_at: 20 })
    expect(stateAfter(startAt(10, failure))).toMatchObject({ stopped_seen_at: null })
  })

  it('takes no files from the options of a failure', () => {
    expect(stateAfter(completeAt(30, failure))).toMatchObject({ files: null })
  })

  it('keeps the status failed on a later start or stop', () => {
    expect(stateAfter(stopAt(10, failure), startAt(20))).toMatchObject({ status: 'failed', reason: 'disk full' })
    expect(stateAfter(startAt(10, failure), stopAt(20))).toMatchObject({ status: 'failed', reason: 'disk full' })
  })

  it('keeps the status ready on a later failure', () => {
    expect(stateAfter(completeAt(10), stopAt(20, failure))).toMatchObject({
      status: 'ready',
      reason: null,
      files: '["done.mp4"]',
    })
  })

  it('has a reason only while the status is failed', () => {
    const state = stateAfter(stopAt(10, failure), completeAt(20))
    expect(state?.status === 'failed' ? state.reason : 'disk full').toBe('disk full')
    expect(state?.status === 'ready' ? state.reason : null).toBeNull()
  })

  it('ignores an event with an unknown event_type', () => {
    expect(stateAfter(startAt(10), stopAt(20, { event_type: 'paused' }))).toMatchObject({ status: 'recording' })
  })
})

describe('the recordings of an exporter', () => {
  const first = '1764100000'
  const second = '1764121600'
  const start = (ms: number, start_time: string, params: RecordingParams = {}) => startAt(ms, { start_time, ...params })
  const complete = (ms: number, start_time: string, params: RecordingParams = {}) =>
    completeAt(ms, { start_time, ...params })

  it('are separate if start_time differs', () => {
    expect(stateAfter(start(10, first), complete(20, first), start(30, second))).toMatchObject({
      start_time: second,
      status: 'recording',
      files: null,
      earlier: [{ start_time: first, status: 'ready', files: '["done.mp4"]' }],
    })
  })

  it('are the same if start_time is the same instant in another format', () => {
    const state = stateAfter(
      start(10, '1764100000'),
      stopAt(20, { start_time: '1764100000000' }),
      complete(30, '2025-11-26T03:46:40+08:00'),
      complete(40, '2025-11-26 03:46:40'),
    )
    expect(state).toMatchObject({ status: 'ready', start_instant: 1_764_100_000_000, started_seen_at: 10 })
    expect(state?.earlier).toBeUndefined()
  })

  it('are compared as text if start_time is not readable', () => {
    const state = stateAfter(start(10, 'today'), start(20, 'tomorrow'), complete(30, 'today'))
    expect(state).toMatchObject({ start_time: 'tomorrow', earlier: [{ start_time: 'today', status: 'ready' }] })
  })

  it('get a completion that arrives after the next recording has started', () => {
    expect(stateAfter(start(10, first), start(20, second), complete(30, first))).toMatchObject({
      start_time: second,
      status: 'recording',
      earlier: [{ start_time: first, status: 'ready', ready_at: 30 }],
    })
  })

  it('include an earlier one that is first reported after the next has started', () => {
    const state = stateAfter(start(10, second), complete(20, first), stopAt(30, { start_time: '' }))
    expect(state).toMatchObject({
      start_time: second,
      status: 'stopped',
      earlier: [{ start_time: first, status: 'ready' }],
    })
  })

  it('get an event without start_time at the latest recording', () => {
    expect(
      stateAfter(start(10, first), complete(20, first), start(30, second), stopAt(40, { start_time: '', ...failure })),
    ).toMatchObject({ start_time: second, status: 'failed', earlier: [{ status: 'ready' }] })
  })

  it('get a failed start without start_time at the latest recording, which stays ready', () => {
    const state = stateAfter(start(10, first), complete(20, first), start(30, '', failure))
    expect(state).toMatchObject({ start_time: first, status: 'ready', reason: null })
    expect(state?.earlier).toBeUndefined()
  })

  it('get a failed start without start_time at the latest recording, which fails until its files arrive', () => {
    const failed = [start(10, first), start(20, '', failure)]
    expect(stateAfter(...failed)).toMatchObject({ start_time: first, status: 'failed', reason: 'disk full' })
    expect(stateAfter(...failed, complete(30, first))).toMatchObject({
      start_time: first,
      status: 'ready',
      reason: null,
    })
    expect(stateAfter(...failed, complete(30, first))?.earlier).toBeUndefined()
  })

  it('include a failed start without start_time, after which a successful start begins another one', () => {
    expect(stateAfter(start(10, '', failure), start(20, first))).toMatchObject({
      start_time: first,
      status: 'recording',
      earlier: [{ start_time: null, status: 'failed', reason: 'disk full' }],
    })
  })

  it('get the start_time of the first event that has one', () => {
    expect(stateAfter(stopAt(10, { start_time: '' }), complete(20, first))).toMatchObject({
      start_time: first,
      status: 'ready',
      stopped_seen_at: 10,
    })
  })

  describe('that a later event can change', () => {
    const starts = Array.from({ length: 120 }, (_, index) => String(1_764_100_000 + index * 3600))
    const startAll = starts.map((start_time, index) => start(10 + index, start_time))
    const startsOf = (...events: NorthboundEvent[]) =>
      stateAfter(...events)?.earlier?.map(({ start_time }) => start_time)

    it('are the latest 100 that are not ready', () => {
      expect(startsOf(...startAll)).toEqual(starts.slice(19, 119))
    })

    it('are the latest 8 that are ready', () => {
      const completeAll = starts.slice(0, 119).map((start_time, index) => complete(200 + index, start_time))
      expect(startsOf(...startAll.slice(30), ...completeAll.slice(30))).toEqual(starts.slice(111, 119))
    })

    it('have file lists of 80 KB together', () => {
      const options = 'x'.repeat(30_000)
      const events = starts.slice(0, 5).flatMap((start_time, index) => complete(10 + index, start_time, { options }))
      expect(startsOf(...events)).toEqual(starts.slice(2, 4))
    })

    it('do not include older ones, of which an event has no effect', () => {
      const state = stateAfter(...startAll)
      expect(stateAfter(...startAll, complete(500, starts[18] ?? ''))).toEqual(state)
      expect(stateAfter(...startAll, complete(500, '1764000000'))).toEqual(state)
      expect(stateAfter(...startAll, complete(500, starts[19] ?? ''))?.earlier?.[0]?.status).toBe('ready')
    })
  })

  it('belong to one exporter and one room', () => {
    const { last_event_at, ...state } = stateAfter(start(10, first)) ?? { last_event_at: 0 }
    expect(stateAfter(start(10, first), start(20, second, { exporter_id: 'F' }))).toMatchObject(state)
    expect(stateAfter(start(10, first), start(20, second, { room_id: 'Q' }))).toMatchObject(state)
    expect(last_event_at).toBe(10)
  })

  describe('without an exporter, as before 2023-03-17,', () => {
    const old = { exporter_id: '', exporter_type: '' }

    it('are identified by start_time', () => {
      const state = recordingAfter(
        '',
        stopAt(10, { ...old, start_time: first }),
        stopAt(20, { ...old, ...failure, start_time: second }),
        complete(30, `${first}000`, old),
      )
      expect(state).toMatchObject({
        status: 'failed',
        start_time: second,
        earlier: [{ status: 'ready', exporter_id: null, exporter_type: null, stopped_seen_at: 10, ready_at: 30 }],
      })
    })

    it('get an event without start_time at the latest of them in the room', () => {
      const state = recordingAfter(
        '',
        start(10, first, old),
        stopAt(20, { ...old, start_time: '' }),
        start(30, second, old),
        start(40, second),
        start(50, '', { ...old, ...failure }),
      )
      expect(state).toMatchObject({
        status: 'failed',
        start_time: second,
        earlier: [{ status: 'stopped', start_time: first }],
      })
    })

    it('begin with an event without start_time if none is known', () => {
      expect(recordingAfter('', start(10, '', { ...old, ...failure }))).toMatchObject({
        status: 'failed',
        start_time: null,
      })
    })
  })
})
