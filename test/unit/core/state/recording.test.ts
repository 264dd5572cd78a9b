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

describe('evolveRecording', () => {
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

describe('the identity of a recording', () => {
  it('is its exporter, even if start_time differs', () => {
    expect(stateAfter(startAt(10), stopAt(20, { start_time: '1' }))).toMatchObject({ status: 'stopped' })
    expect(stateAfter(startAt(10), stopAt(20, { exporter_id: 'F' }))).toMatchObject({ status: 'recording' })
  })

  it('is its start_time if no exporter is sent, as before 2023-03-17', () => {
    const old = { exporter_id: '', exporter_type: '' }
    const states = (start_time: string) =>
      recordingAfter(
        `start_time ${start_time}`,
        stopAt(10, { ...old, start_time: '1' }),
        stopAt(20, { ...old, ...failure, start_time: '2' }),
      )
    expect(states('1')).toMatchObject({ status: 'stopped', exporter_id: null, exporter_type: null, start_time: '1' })
    expect(states('2')).toMatchObject({ status: 'failed' })
  })

  it('includes its room', () => {
    expect(stateAfter(startAt(10), stopAt(20, { room_id: 'Q' }))).toMatchObject({ status: 'recording' })
  })
})
