import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../../core/protocol/events.ts'

const head = { trace_id: 't', received_at: 5, source: 'callback' } as const
const data = (params: Record<string, string>) => parseEvent(head, params).data
const subject = { room_id: 'R', user_id: 'U' }
const stream = { ...subject, stream_id: 'S', stream_type: 'video' }
const recording = { room_id: 'R', event_type: 'success', exporter_type: 'mp4', exporter_id: 'E' }

describe("the document's thirteen events", () => {
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
      { event: 'join', ...subject, event_type: 'normal', endpoint_type: 'web' },
      { event: 'join', ...subject, endpoint_type: 'web' },
    ],
    [
      { event: 'leave', ...subject, event_type: 'offline' },
      { event: 'leave', ...subject, event_type: 'offline' },
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
      { event: 'update', ...subject, event_type: 'userInfo', user_name: '王' },
      { event: 'update', ...subject, user_name: '王' },
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
  ])('%j', (params, expected) => {
    expect(data({ ...params, trace_id: 't' })).toMatchObject(expected)
  })

  it('keep their head, their name as sent and all their parameters, known or not', () => {
    const params = { event: 'join', ...subject, trace_id: 't', anything: '王', empty: '' }
    expect(parseEvent({ ...head, source: 'reconcile' }, params)).toMatchObject({
      trace_id: 't',
      received_at: 5,
      source: 'reconcile',
      event: 'join',
      params,
    })
  })

  it('count a parameter without a value as absent', () => {
    const update = data({ event: 'update', ...subject, user_name: '', endpoint_type: '' })
    expect(update).toMatchObject({ event: 'update' })
    expect(update).not.toHaveProperty('user_name', '')
    expect(update).not.toHaveProperty('endpoint_type', '')
  })
})

describe('the spellings of the wire', () => {
  const eventType = (event: string, event_type: string) => data({ event, ...subject, ...recording, event_type })

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
  ])('a leave by %j is stored as %s', (sent, stored) => {
    expect(eventType('leave', sent)).toMatchObject({ event: 'leave', event_type: stored })
  })

  it.each([
    ['user', 'user'],
    ['auto', 'auto'],
    ['meteor', 'unknown'],
  ])('a close by %j is stored as %s', (sent, stored) => {
    expect(eventType('close', sent)).toMatchObject({ event: 'close', event_type: stored })
  })

  it.each(['start_record', 'stop_record', 'record_transcoding_completion'])(
    '%s: faild, failed and fail are all failed',
    (event) => {
      for (const spelling of ['faild', 'failed', 'fail', 'Faild'])
        expect(eventType(event, spelling)).toMatchObject({ event, event_type: 'failed' })
      expect(eventType(event, 'success')).toMatchObject({ event, event_type: 'success' })
      expect(eventType(event, 'paused')).toMatchObject({ event, event_type: 'unknown' })
    },
  )

  it.each(['ios', 'android', 'hw', 'web', 'win', 'weixin', 'mac', 'pstn', 'sip', 'h323'])(
    'the endpoint type %s is known, in any case',
    (endpoint_type) => {
      for (const sent of [endpoint_type, endpoint_type.toUpperCase()])
        expect(data({ event: 'join', ...subject, endpoint_type: sent })).toMatchObject({ endpoint_type })
    },
  )

  it.each(['androidHW', 'HoloLens', '王', 'web;'])('the unknown endpoint type %s is kept as sent', (endpoint_type) => {
    expect(data({ event: 'join', ...subject, endpoint_type })).toMatchObject({ event: 'join', endpoint_type })
  })

  it('a stream is audio, video or desktop, or unknown', () => {
    for (const stream_type of ['audio', 'video', 'desktop'])
      expect(data({ event: 'sub', ...stream, stream_type })).toMatchObject({ stream_type })
    expect(data({ event: 'sub', ...stream, stream_type: 'smell' })).toMatchObject({ stream_type: 'unknown' })
  })
})

describe('an event that the document does not know', () => {
  it.each(['hologram_on', 'constructor', '__proto__', 'JOIN', 'unknown'])('is kept as unknown: %s', (event) => {
    expect(parseEvent(head, { event, room_id: 'R', extra: 'x' })).toMatchObject({
      event,
      params: { event, room_id: 'R', extra: 'x' },
      data: { event: 'unknown', room_id: 'R' },
    })
  })

  it('may name no room', () => {
    expect(data({ event: 'hologram_on' })).toEqual({ event: 'unknown' })
  })

  it('is also a known one without its subject: nothing throws', () => {
    expect(data({ event: 'join', room_id: 'R' })).toMatchObject({ event: 'unknown', room_id: 'R' })
    expect(data({})).toEqual({ event: 'unknown' })
  })
})
