import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../../core/protocol/events.ts'

const metadata = { trace_id: 't', received_at: 5, source: 'callback' } as const
const dataOf = (params: Record<string, string>) => parseEvent(metadata, params).data
const participant = { room_id: 'R', user_id: 'U' }
const stream = { ...participant, stream_id: 'S', stream_type: 'video' }
const recording = { room_id: 'R', event_type: 'success', exporter_type: 'mp4', exporter_id: 'E' }

describe('parseEvent', () => {
  it.each<[Record<string, string>, object]>([
    [
      { event: 'open', room_id: 'R' },
      { event: 'open', room_id: 'R' },
    ],
    [
      { event: 'close', room_id: 'R', event_type: 'auto' },
      { event: 'close', room_id: 'R', event_type: 'auto' },
    ],
    [
      { event: 'join', ...participant, event_type: 'normal', endpoint_type: 'web' },
      { event: 'join', ...participant, endpoint_type: 'web' },
    ],
    [
      { event: 'leave', ...participant, event_type: 'offline' },
      { event: 'leave', ...participant, event_type: 'offline' },
    ],
    [
      { event: 'publish', ...stream, resolution: '1920x1080' },
      { event: 'publish', ...stream, resolution: '1920x1080' },
    ],
    [
      { event: 'unpublish', ...stream, resolution: '1920x1080' },
      { event: 'unpublish', ...stream },
    ],
    [
      { event: 'sub', ...stream },
      { event: 'sub', ...stream },
    ],
    [
      { event: 'unsub', ...stream },
      { event: 'unsub', ...stream },
    ],
    [
      { event: 'update', ...participant, event_type: 'userInfo', user_name: '王' },
      { event: 'update', ...participant, user_name: '王' },
    ],
    [
      { event: 'start_record', ...recording, start_time: '1732444111' },
      { event: 'start_record', ...recording, start_time: '1732444111' },
    ],
    [
      { event: 'stop_record', ...recording, start_time: '1', stop_time: '2', options: '[]' },
      { event: 'stop_record', ...recording, start_time: '1', stop_time: '2', options: '[]' },
    ],
    [
      { event: 'record_transcoding_completion', ...recording, start_time: '1' },
      { event: 'record_transcoding_completion', ...recording, start_time: '1' },
    ],
    [
      { event: 'warning_notify', event_type: 'check_port', box_code: 'B', options: '[{"type":"tcp","port":8088}]' },
      {
        event: 'warning_notify',
        event_type: 'check_port',
        box_code: 'B',
        options: { ports: [{ type: 'tcp', port: 8088 }], unread: 0 },
      },
    ],
  ])('parses %j', (params, expected) => {
    expect(dataOf({ ...params, trace_id: 't' })).toMatchObject(expected)
  })

  it('keeps the metadata, the name as sent and all parameters, known or not', () => {
    const params = { event: 'join', ...participant, trace_id: 't', anything: '王', empty: '' }
    expect(parseEvent({ ...metadata, source: 'reconcile' }, params)).toMatchObject({
      trace_id: 't',
      received_at: 5,
      source: 'reconcile',
      event: 'join',
      params,
    })
  })

  it('treats a parameter without a value as absent', () => {
    const update = dataOf({ event: 'update', ...participant, user_name: '', endpoint_type: '' })
    expect(update).toMatchObject({ event: 'update' })
    expect(update).not.toHaveProperty('user_name', '')
    expect(update).not.toHaveProperty('endpoint_type', '')
  })
})

describe('parseEvent with spellings of the wire', () => {
  const parseEventType = (event: string, event_type: string) =>
    dataOf({ event, ...participant, ...recording, event_type })

  it.each([
    ['normal', 'normal'],
    ['clientKick', 'client_kick'],
    ['clientkick', 'client_kick'],
    ['CLIENTKICK', 'client_kick'],
    ['serverKick', 'server_kick'],
    ['serverkick', 'server_kick'],
    ['offline', 'offline'],
    ['teleported', 'unknown'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
  ])('reads the leave reason %j as %s', (sent, stored) => {
    expect(parseEventType('leave', sent)).toMatchObject({ event: 'leave', event_type: stored })
  })

  it.each([
    ['user', 'user'],
    ['auto', 'auto'],
    ['meteor', 'unknown'],
  ])('reads the close reason %j as %s', (sent, stored) => {
    expect(parseEventType('close', sent)).toMatchObject({ event: 'close', event_type: stored })
  })

  it.each(['start_record', 'stop_record', 'record_transcoding_completion'])(
    'reads faild, failed and fail of a %s as failed',
    (event) => {
      for (const spelling of ['faild', 'failed', 'fail', 'Faild'])
        expect(parseEventType(event, spelling)).toMatchObject({ event, event_type: 'failed' })
      expect(parseEventType(event, 'success')).toMatchObject({ event, event_type: 'success' })
      expect(parseEventType(event, 'paused')).toMatchObject({ event, event_type: 'unknown' })
    },
  )

  it.each(['ios', 'android', 'hw', 'web', 'win', 'weixin', 'mac', 'pstn', 'sip', 'h323'])(
    'reads the endpoint type %s in any case',
    (endpoint_type) => {
      for (const sent of [endpoint_type, endpoint_type.toUpperCase()])
        expect(dataOf({ event: 'join', ...participant, endpoint_type: sent })).toMatchObject({ endpoint_type })
    },
  )

  it.each(['androidHW', 'HoloLens', '王', 'web;'])('keeps the unknown endpoint type %s as sent', (endpoint_type) => {
    expect(dataOf({ event: 'join', ...participant, endpoint_type })).toMatchObject({ event: 'join', endpoint_type })
  })

  it('reads the stream types audio, video and desktop, and any other as unknown', () => {
    for (const stream_type of ['audio', 'video', 'desktop'])
      expect(dataOf({ event: 'sub', ...stream, stream_type })).toMatchObject({ stream_type })
    expect(dataOf({ event: 'sub', ...stream, stream_type: 'hologram' })).toMatchObject({ stream_type: 'unknown' })
  })
})

describe('parseEvent with an unknown event', () => {
  it.each(['hologram_on', 'constructor', '__proto__', 'JOIN', 'unknown'])(
    'returns the kind unknown and keeps the parameters of %s',
    (event) => {
      expect(parseEvent(metadata, { event, room_id: 'R', extra: 'x' })).toMatchObject({
        event,
        params: { event, room_id: 'R', extra: 'x' },
        data: { event: 'unknown', room_id: 'R' },
      })
    },
  )

  it('accepts an event without a room', () => {
    expect(dataOf({ event: 'hologram_on' })).toEqual({ event: 'unknown' })
  })

  it('returns the kind unknown for a known event without its identifying parameters', () => {
    expect(dataOf({ event: 'join', room_id: 'R' })).toMatchObject({ event: 'unknown', room_id: 'R' })
    expect(dataOf({})).toEqual({ event: 'unknown' })
  })
})
