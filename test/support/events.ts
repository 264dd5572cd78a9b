import fc from 'fast-check'
import { type EventSource, type KnownEventData, type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'

let serial = 0

/** Creates an event with defaults for everything else: `event('join', { user_id: '1' }, { at: 5 })`. `at`: ms of receipt. */
export function event(
  name: string,
  params: Record<string, string> = {},
  metadata: { at?: number; trace?: string; source?: EventSource } = {},
): NorthboundEvent {
  const trace_id = metadata.trace ?? `trace-${serial++}`
  const { at: received_at = serial, source = 'callback' } = metadata
  return parseEvent({ trace_id, received_at, source }, { event: name, trace_id, room_id: 'R', user_id: 'U', ...params })
}

/** Creates a warning that one TCP port of a media server is not reachable. */
export function warningAt(at: number, port = 8088, box_code = 'B'): NorthboundEvent {
  return event('warning_notify', { box_code, options: JSON.stringify([{ type: 'tcp', port }]) }, { at })
}

// Few ids and a short period, so that events often concern the same room, participant or stream.
const room_id = fc.constantFrom('R1', 'R2')
const user_id = fc.constantFrom('U1', 'U2')
const stream_id = fc.constantFrom('S1', 'S2', 'S3')
const stream = { room_id, user_id, stream_id, stream_type: fc.constantFrom('audio', 'video', 'hologram') }
const recording = {
  room_id,
  // Without an exporter, a start or both in some events. The first two starts are the same instant, the last is not readable.
  exporter_id: fc.constantFrom('E1', 'E2', '', ''),
  start_time: fc.constantFrom('1764100000', '2025-11-26 03:46:40', '1764121600000', '1764143200', 'noon', '', ''),
  event_type: fc.constantFrom('success', 'faild', 'paused'),
  options: fc.constantFrom('[{"file":"a.mp4"}]', 'disk full'),
}
const leaveTypes = fc.constantFrom('normal', 'clientKick', 'serverkick', 'offline')

type Arbitraries = Record<string, fc.Arbitrary<string>>
/** Every known event, and one that is not. */
const generated: Record<KnownEventData['event'] | 'hologram_on', Arbitraries> = {
  open: { room_id },
  close: { room_id, event_type: fc.constantFrom('user', 'auto') },
  join: { room_id, user_id, endpoint_type: fc.constantFrom('web', 'ios') },
  leave: { room_id, user_id, event_type: leaveTypes },
  update: { room_id, user_id, user_name: fc.constantFrom('Ann', 'Bo') },
  publish: stream,
  unpublish: stream,
  sub: stream,
  unsub: stream,
  start_record: recording,
  stop_record: { ...recording, stop_time: fc.constant('1732444999') },
  record_transcoding_completion: recording,
  warning_notify: {
    box_code: fc.constantFrom('B1', 'B2'),
    options: fc.constantFrom('[{"type":"tcp","port":8088}]', '[{"type":"websocket","port":7630}]', 'not JSON'),
  },
  hologram_on: { room_id },
  name_room: { room_id, room_name: fc.constantFrom('Tea', '周会') },
}
const kinds: Readonly<Record<string, Arbitraries>> = generated

const sourcesByEvent: Record<string, readonly EventSource[]> = {
  ...Object.fromEntries(
    ['open', 'close', 'join', 'leave'].map((name) => [name, ['callback', 'callback', 'reconcile']]),
  ),
  name_room: ['reconcile'],
}

function eventOfKind(name: string): fc.Arbitrary<NorthboundEvent> {
  const source = fc.constantFrom<EventSource[]>(...(sourcesByEvent[name] ?? ['callback']))
  return fc.record({ params: fc.record(kinds[name] ?? {}), source }).map(({ params, source }) => {
    const sent = source === 'reconcile' && 'event_type' in params ? { ...params, event_type: 'reconciled' } : params
    return parseEvent({ trace_id: '', received_at: 0, source }, { event: name, ...sent })
  })
}

/** Weighted towards the events that start and end sessions, because these have the most edge cases. */
export const anyEvent: fc.Arbitrary<NorthboundEvent> = fc.oneof(
  ...Object.keys(kinds).map((name) => ({
    weight: ['join', 'leave', 'close'].includes(name) ? 5 : name === 'open' ? 3 : 1,
    arbitrary: eventOfKind(name),
  })),
)

const recordingEvent = fc.oneof(...['start_record', 'stop_record', 'record_transcoding_completion'].map(eventOfKind))

/** Events of a permanent room with more closes than a room tracks. Some participants join once, others several times. */
const permanentRoomEvent: fc.Arbitrary<NorthboundEvent> = fc
  .tuple(fc.oneof(...['join', 'leave', 'close', 'close'].map(eventOfKind)), fc.integer({ min: 1, max: 12 }))
  .map(([event, user]) => parseEvent(event, { ...event.params, room_id: 'R1', user_id: `U${user}` }))

/** Events of two participants in one room. */
const eventInOneRoom: fc.Arbitrary<NorthboundEvent> = fc
  .oneof(...['open', 'open', 'close', 'join', 'leave', 'publish'].map(eventOfKind))
  .map((event) => parseEvent(event, { ...event.params, room_id: 'R1' }))

/** Events of one room whose opens get lost and whose closes are often estimated, with few people. */
const disputedRoomEvent: fc.Arbitrary<NorthboundEvent> = fc
  .tuple(
    fc.oneof(
      ...['open', 'close', 'close', 'join', 'join', 'leave', 'leave', 'publish', 'start_record', 'name_room'].map(
        eventOfKind,
      ),
    ),
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
  )
  .map(([event, user, isEstimated]) => {
    const { event: name } = event.data
    const source = isEstimated && (name === 'open' || name === 'close') ? 'reconcile' : event.source
    return parseEvent({ ...event, source }, { ...event.params, room_id: 'R1', user_id: `U${user}` })
  })

/** @param stepMs distance of two moments at which events can happen. */
function deliveriesOf(
  eventArbitrary: fc.Arbitrary<NorthboundEvent>,
  maxLength: number,
  moments: number,
  stepMs = 1,
): fc.Arbitrary<NorthboundEvent[]> {
  const time = fc.integer({ min: 1, max: moments }).map((moment) => moment * stepMs)
  return (
    fc
      .array(fc.tuple(eventArbitrary, time, fc.array(time, { maxLength: 2 })), { minLength: 1, maxLength })
      .map((occurrences) =>
        occurrences.flatMap(([{ source, params }, first, repeats], index) =>
          // Each event has its own trace_id. If two shared one, the result would depend on which is logged first.
          [first, ...repeats].map((at) => parseEvent({ trace_id: `t${index}`, received_at: at, source }, params)),
        ),
      )
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
      // Each delivery is a separate object, as it is after decoding a message.
      .map((all) => all.map((event) => ({ ...event })))
  )
}

/** Events in any order, some of them delivered several times, with the same or another time of receipt. */
export const anyDeliveries: fc.Arbitrary<NorthboundEvent[]> = fc.oneof(
  { weight: 3, arbitrary: deliveriesOf(anyEvent, 25, 40) },
  // Far enough apart for the rules of new connections to apply or not.
  { weight: 3, arbitrary: deliveriesOf(anyEvent, 25, 40, 2_500) },
  { weight: 1, arbitrary: deliveriesOf(permanentRoomEvent, 60, 300) },
  // Far enough apart for the rules of estimated openings and closings to apply or not.
  { weight: 3, arbitrary: deliveriesOf(disputedRoomEvent, 20, 40, 100_000) },
  { weight: 1, arbitrary: deliveriesOf(disputedRoomEvent, 50, 60, 150_000) },
  { weight: 1, arbitrary: deliveriesOf(recordingEvent, 25, 40) },
)

/**
 * Like `deliveriesOf`, but each `trace_id` comes with up to four contents, so that some are in the same aggregate. Contents may
 * take each other's place several times, or have the same time.
 */
function conflictingDeliveriesOf(
  eventArbitrary: fc.Arbitrary<NorthboundEvent>,
  maxLength: number,
  moments: number,
): fc.Arbitrary<NorthboundEvent[]> {
  const time = fc.integer({ min: 1, max: moments })
  const times = fc.array(time, { minLength: 1, maxLength: 3 })
  return fc
    .array(fc.tuple(eventArbitrary, fc.nat(Math.ceil(maxLength / 4)), times), { minLength: 1, maxLength })
    .map((occurrences) =>
      occurrences.flatMap(([{ source, params }, index, all]) =>
        all.map((at) => parseEvent({ trace_id: `t${index}`, received_at: at, source }, params)),
      ),
    )
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
    .map((all) => all.map((event) => ({ ...event })))
}

/** Deliveries of events that share trace ids, in any order. */
export const anyConflictingDeliveries: fc.Arbitrary<NorthboundEvent[]> = fc.oneof(
  { weight: 3, arbitrary: conflictingDeliveriesOf(anyEvent, 25, 40) },
  // Mostly in the same aggregates: the open and the close of one room, and the events of one participant.
  { weight: 3, arbitrary: conflictingDeliveriesOf(eventInOneRoom, 20, 30) },
  // More closes than a room tracks.
  { weight: 1, arbitrary: conflictingDeliveriesOf(permanentRoomEvent, 60, 300) },
)

/** Cuts a list into pieces. The sizes are used in turn, from the first again after the last. */
export function cut<Item>(items: readonly Item[], sizes: readonly number[]): Item[][] {
  const pieces: Item[][] = []
  for (let at = 0, turn = 0; at < items.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(items.slice(at, at + size))
    at += size
  }
  return pieces
}
