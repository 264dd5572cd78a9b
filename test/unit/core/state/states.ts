import type { EventSource, NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type AggregateId, streamOf } from '../../../../core/state/aggregate.ts'
import type { BoxState } from '../../../../core/state/box.ts'
import { fold, type State } from '../../../../core/state/fold.ts'
import type { ParticipantState, Session } from '../../../../core/state/participant.ts'
import type { RecordingState } from '../../../../core/state/recording.ts'
import type { RoomState } from '../../../../core/state/room.ts'
import { event } from '../../../support/events.ts'

export const alertWindowMs = 1000

/** An event of room R and user U at a moment: `at(10, 'join')`. */
export function at(ms: number, name: string, params: Record<string, string> = {}): NorthboundEvent {
  return event(name, params, { at: ms })
}

/** The same, as reconciliation infers it. */
export function estimated(ms: number, name: string, params: Record<string, string> = {}): NorthboundEvent {
  const source: EventSource = 'reconcile'
  const told = name === 'leave' || name === 'close' ? { event_type: 'reconciled', ...params } : params
  return event(name, told, { at: ms, source })
}

function stateOf<Kind extends State['kind']>(
  kind: Kind,
  aggregate: AggregateId,
  events: readonly NorthboundEvent[],
): Extract<State, { kind: Kind }> | undefined {
  const isWanted = (state: State): state is Extract<State, { kind: Kind }> => state.kind === kind
  const state = fold(events, { alertWindowMs }).get(streamOf(aggregate))
  return state !== undefined && isWanted(state) ? state : undefined
}

export function room(...events: NorthboundEvent[]): RoomState | undefined {
  return stateOf('room', { kind: 'room', room_id: 'R' }, events)
}

export function participant(...events: NorthboundEvent[]): ParticipantState | undefined {
  return stateOf('participant', { kind: 'participant', room_id: 'R', user_id: 'U' }, events)
}

/** The current or last stay; undefined where there was none. */
export function session(...events: NorthboundEvent[]): Session | undefined {
  return participant(...events)?.session ?? undefined
}

export function streams(...events: NorthboundEvent[]): readonly string[] | undefined {
  return participant(...events)?.streams.map(({ stream_id }) => stream_id)
}

export function subscriptions(...events: NorthboundEvent[]): readonly string[] | undefined {
  return participant(...events)?.subscriptions.map(({ stream_id }) => stream_id)
}

export function recording(recording_id: string, ...events: NorthboundEvent[]): RecordingState | undefined {
  return stateOf('recording', { kind: 'recording', room_id: 'R', recording_id }, events)
}

export function box(...events: NorthboundEvent[]): BoxState | undefined {
  return stateOf('box', { kind: 'box', box_code: 'B' }, events)
}
