import { encodeCommand } from '../../../core/protocol/command.ts'
import { encodeUnverifiedCallback } from '../../../core/protocol/unverified-callback.ts'
import { signParameters } from '../../support/system.ts'
import type { Message } from './messages.ts'

const dayMs = 86_400_000

/** Messages that make `apply-events` use everything that it can do. */
export interface TypicalBatch {
  /** Applied before. */
  readonly past: readonly Message[]
  readonly batch: readonly Message[]
  /** Applied afterwards: what the batch has left to do must not be lost then. */
  readonly later: readonly Message[]
  /** The `trace_id`s of all genuine events. */
  readonly traceIds: readonly string[]
  readonly roomId: string
  readonly boxCode: string
}

/** @param name makes the ids unique. @param now ms since 1970, the same for all names that are compared. */
export function createTypicalBatch(name: string, now: number): TypicalBatch {
  const traceIds: string[] = []
  const room_id = `${name}-room`
  const boxCode = `${name}-box`
  const nextTraceId = () => {
    traceIds.push(`${name}-${String(traceIds.length).padStart(2, '0')}`)
    return traceIds.at(-1) ?? ''
  }
  const event = (received_at: number, params: Readonly<Record<string, string>>) => {
    const trace_id = nextTraceId()
    return { trace_id, received_at, source: 'callback', params: { ...params, trace_id } }
  }
  const inRoom = (received_at: number, kind: string, params: Readonly<Record<string, string>> = {}) =>
    event(received_at, { event: kind, room_id, ...params })
  const join = (received_at: number, user_id: string) =>
    inRoom(received_at, 'join', { event_type: 'normal', user_id, user_name: user_id, endpoint_type: 'web' })
  const unverified = (received_at: number, key?: string) => {
    const trace_id = key === undefined ? nextTraceId() : `${name}-forged`
    const params = { event: 'update', event_type: 'userInfo', room_id, user_id: 'A', user_name: 'AA', trace_id }
    return encodeUnverifiedCallback({
      requestId: 'request',
      receivedAt: received_at,
      sourceAddress: '127.0.0.1',
      request: {
        method: 'GET',
        rawQueryString: String(new URLSearchParams(signParameters(params, key))),
        contentType: '',
        contentEncoding: '',
        body: Buffer.alloc(0),
      },
    })
  }
  const start = now - 3_600_000
  const lastMonth = start - 40 * dayMs
  const past = [
    inRoom(lastMonth, 'open'),
    join(lastMonth + 1000, 'C'),
    inRoom(lastMonth + 600_000, 'leave', { event_type: 'normal', user_id: 'C' }),
    inRoom(lastMonth + 900_000, 'close', { event_type: 'user' }),
    inRoom(start - 7_200_000, 'update', { event_type: 'userInfo', user_id: 'D', user_name: 'D' }),
  ]
  const stream = { stream_type: 'audio', stream_id: 'S' }
  const exporter = { exporter_type: 'mp4', exporter_id: 'E', start_time: '1790000000' }
  const batch = [
    inRoom(start, 'open'),
    join(start + 1000, 'A'),
    inRoom(start + 2000, 'publish', { user_id: 'A', ...stream }),
    join(start + 3000, 'B'),
    inRoom(start + 4000, 'sub', { user_id: 'B', ...stream }),
    // Someone who was there last month, and an event that is earlier than what is stored about another one.
    join(start + 5000, 'C'),
    join(start - 7_300_000, 'D'),
    inRoom(start + 6000, 'leave', { event_type: 'normal', user_id: 'B' }),
    inRoom(start + 7000, 'start_record', { event_type: 'success', ...exporter }),
    inRoom(start + 60_000, 'close', { event_type: 'user' }),
    inRoom(start + 90_000, 'record_transcoding_completion', { event_type: 'success', options: '[]', ...exporter }),
    inRoom(start + 91_000, 'whiteboard'),
    event(start + 8000, {
      event: 'warning_notify',
      event_type: 'check_port',
      box_code: boxCode,
      options: JSON.stringify([{ type: 'tcp', port: 8001 }]),
    }),
    encodeCommand({ command: 'rebuild', aggregate: { kind: 'participant', room_id, user_id: 'D' } }),
    'not an event',
    unverified(start + 9000),
    unverified(start + 9000, 'the key of someone else'),
  ]
  const later = [
    inRoom(start + 1_800_000, 'open'),
    ...['A', 'B', 'C', 'D'].map((user_id) => join(start + 1_801_000, user_id)),
    inRoom(start + 1_802_000, 'start_record', { event_type: 'success', ...exporter, start_time: '1790000600' }),
    inRoom(start + 1_900_000, 'close', { event_type: 'user' }),
  ]
  return { past, batch, later, traceIds, roomId: room_id, boxCode }
}
