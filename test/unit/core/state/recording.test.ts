import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { at, recording } from './states.ts'

type Params = Record<string, string>
const told = { exporter_id: 'E', exporter_type: 'mp4', start_time: '1732444111' }
const start = (ms: number, params: Params = {}) => at(ms, 'start_record', { ...told, event_type: 'success', ...params })
const stop = (ms: number, params: Params = {}) =>
  at(ms, 'stop_record', { ...told, event_type: 'success', stop_time: '1732444999', options: '["stop.mp4"]', ...params })
const done = (ms: number, params: Params = {}) =>
  at(ms, 'record_transcoding_completion', { ...told, event_type: 'success', options: '["done.mp4"]', ...params })
const failure = { event_type: 'faild', options: 'disk full' }
const of = (...events: NorthboundEvent[]) => recording('E', ...events)

describe('a recording', () => {
  it('goes from recording to stopped to ready', () => {
    expect(of(start(10))).toMatchObject({ status: 'recording', started_seen_at: 10, files: null, reason: null })
    expect(of(start(10), stop(20))).toMatchObject({ status: 'stopped', stop_time: '1732444999', stopped_seen_at: 20 })
    expect(of(start(10), stop(20), done(30))).toMatchObject({ status: 'ready', ready_at: 30 })
  })

  it('keeps what the platform says of it, as sent', () => {
    expect(of(start(10, { start_time: '2024-11-24 10:00:00' }))).toMatchObject({
      exporter_id: 'E',
      exporter_type: 'mp4',
      start_time: '2024-11-24 10:00:00',
    })
  })

  it('of which the start was never seen is known from its stop or completion', () => {
    expect(of(stop(20))).toMatchObject({ status: 'stopped', start_time: '1732444111' })
    expect(of(done(30))).toMatchObject({ status: 'ready', exporter_type: 'mp4' })
  })

  it('never goes backwards, in whatever order its events were received', () => {
    expect(of(stop(10), start(20))).toMatchObject({ status: 'stopped' })
    expect(of(done(10), stop(20), start(30))).toMatchObject({ status: 'ready', ready_at: 10 })
    expect(of(start(10), stop(20), start(30))).toMatchObject({ status: 'stopped' })
  })

  it('takes its files from the options of success, those of the completion before those of the stop', () => {
    expect(of(start(10), stop(20))).toMatchObject({ files: '["stop.mp4"]' })
    expect(of(start(10), stop(20), done(30))).toMatchObject({ files: '["done.mp4"]', reason: null })
    expect(of(done(10), stop(20))).toMatchObject({ files: '["done.mp4"]' })
    expect(of(stop(10), done(20, { options: '' }))).toMatchObject({ files: '["stop.mp4"]' })
  })

  it.each([
    ['that could not start', [start(10, failure)]],
    ['that could not be stopped and transcoded', [start(10), stop(20, failure)]],
    ['whose transcoding failed', [start(10), stop(20), done(30, failure)]],
  ])('%s has failed, with the reason', (_, events) => {
    expect(of(...events)).toMatchObject({ status: 'failed', reason: 'disk full' })
  })

  it('that failed has the reason of failure in its options, not files', () => {
    expect(of(done(30, failure))).toMatchObject({ files: null })
  })

  it('that has failed does not go back to recording or stopped', () => {
    expect(of(stop(10, failure), start(20))).toMatchObject({ status: 'failed', reason: 'disk full' })
    expect(of(start(10, failure), stop(20))).toMatchObject({ status: 'failed', reason: 'disk full' })
  })

  it('that is ready does not fail afterwards', () => {
    expect(of(done(10), stop(20, failure))).toMatchObject({ status: 'ready', reason: null, files: '["done.mp4"]' })
  })

  it('has a reason only as long as it has failed', () => {
    const state = of(stop(10, failure), done(20))
    expect(state?.status === 'failed' ? state.reason : 'disk full').toBe('disk full')
    expect(state?.status === 'ready' ? state.reason : null).toBeNull()
  })

  it('stays as it is after an event_type of a later release', () => {
    expect(of(start(10), stop(20, { event_type: 'paused' }))).toMatchObject({ status: 'recording' })
  })
})

describe('a recording is told from others', () => {
  it('by its exporter, also where start_time differs', () => {
    expect(of(start(10), stop(20, { start_time: '1' }))).toMatchObject({ status: 'stopped' })
    expect(of(start(10), stop(20, { exporter_id: 'F' }))).toMatchObject({ status: 'recording' })
  })

  it('by its start_time where there is no exporter, as before 2023-03-17', () => {
    const old = { exporter_id: '', exporter_type: '' }
    const states = (start_time: string) =>
      recording(
        `start_time ${start_time}`,
        stop(10, { ...old, start_time: '1' }),
        stop(20, { ...old, ...failure, start_time: '2' }),
      )
    expect(states('1')).toMatchObject({ status: 'stopped', exporter_id: null, exporter_type: null, start_time: '1' })
    expect(states('2')).toMatchObject({ status: 'failed' })
  })

  it('by its room', () => {
    expect(of(start(10), stop(20, { room_id: 'Q' }))).toMatchObject({ status: 'recording' })
  })
})
