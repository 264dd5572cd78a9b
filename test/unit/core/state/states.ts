import type { EventSource, NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type AggregateId, streamOf } from '../../../../core/state/aggregate.ts'
import type { BoxState } from '../../../../core/state/box.ts'
import type { RecordingState } from '../../../../core/state/exporter.ts'
import { fold, type State } from '../../../../core/state/fold.ts'
import type { ParticipantState } from '../../../../core/state/participant.ts'
import type { RoomState } from '../../../../core/state/room.ts'
import type { Session } from '../../../../core/state/session.ts'
import { event } from '../../../support/events.ts'

export const alertWindowMs = 1000

/** Creates an event of user U in room R, received at `ms`: `eventAt(10, 'join')`. */
export function eventAt(ms: number, name: string, params: Record<string, string> = {}): NorthboundEvent {
  return event(name, params, { at: ms })
}

/** Creates the event that reconciliation sends as a correction. */
export function correctionAt(ms: number, name: string, params: Record<string, string> = {}): NorthboundEvent {
  const source: EventSource = 'reconcile'
  const sent = name === 'leave' || name === 'close' ? { event_type: 'reconciled', ...params } : params
  return event(name, sent, { at: ms, source })
}

function stateOf<Kind extends State['kind']>(
  kind: Kind,
  aggregate: AggregateId,
  events: readonly NorthboundEvent[],
): Extract<State, { kind: Kind }> | undefined {
  const isOfKind = (state: State): state is Extract<State, { kind: Kind }> => state.kind === kind
  const state = fold(events, { alertWindowMs, timeZone: 'Asia/Shanghai' }).get(streamOf(aggregate))
  return state !== undefined && isOfKind(state) ? state : undefined
}

export function roomAfter(...events: NorthboundEvent[]): RoomState | undefined {
  return stateOf('room', { kind: 'room', room_id: 'R' }, events)
}

export function participantAfter(...events: NorthboundEvent[]): ParticipantState | undefined {
  return stateOf('participant', { kind: 'participant', room_id: 'R', user_id: 'U' }, events)
}

/** The current or last session; undefined if there was none. */
export function sessionAfter(...events: NorthboundEvent[]): Session | undefined {
  return participantAfter(...events)?.session ?? undefined
}

export function streamsAfter(...events: NorthboundEvent[]): readonly string[] | undefined {
  return participantAfter(...events)?.streams.map(({ stream_id }) => stream_id)
}

export function subscriptionsAfter(...events: NorthboundEvent[]): readonly string[] | undefined {
  return participantAfter(...events)?.subscriptions.map(({ stream_id }) => stream_id)
}

export function recordingAfter(recording_id: string, ...events: NorthboundEvent[]): RecordingState | undefined {
  return stateOf('recording', { kind: 'recording', room_id: 'R', recording_id }, events)
}

export function boxAfter(...events: NorthboundEvent[]): BoxState | undefined {
  return stateOf('box', { kind: 'box', box_code: 'B' }, events)
}
