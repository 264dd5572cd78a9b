import type { NorthboundEvent } from '../protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from './aggregate.ts'
import { type AlertRules, type BoxState, evolveBox } from './box.ts'
import { type CloseMark, closesOf } from './closes.ts'
import { orderKey, sortBy } from './order.ts'
import { applyRoomClose, evolveParticipant, type ParticipantState } from './participant.ts'
import { evolveRecording, type RecordingState } from './recording.ts'
import { evolveRoom, type RoomState } from './room.ts'

export type State = RoomState | ParticipantState | RecordingState | BoxState

/** One step of the fold: an event, or a close of the room in the history of a person, and what it made of the state. */
export type Step = {
  /** Undefined for a close. */
  readonly event: NorthboundEvent | undefined
  readonly before: State | undefined
  readonly after: State | undefined
}

/**
 * The fold: (state, the next events in order) → state, step by step.
 *
 * @param state of the same aggregate as the events; undefined: nothing yet.
 * @param closes of the room, in order, for a participant: they take part in its history.
 */
export function steps(
  state: State | undefined,
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[],
  rules: AlertRules,
): Step[] {
  const happened = sortBy<Happened>(
    [
      ...events.map((event) => ({ order: orderKey(event), event })),
      ...closes.map((close) => ({ order: close.order, close })),
    ],
    ({ order }) => order,
  )
  let before = state
  return happened.map((next) => {
    const step = { event: 'event' in next ? next.event : undefined, before, after: stateAfter(before, next, rules) }
    before = step.after
    return step
  })
}

/** The state after the last of these steps. */
export function evolve(
  state: State | undefined,
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[],
  rules: AlertRules,
): State | undefined {
  const last = steps(state, events, closes, rules).at(-1)
  return last === undefined ? state : last.after
}

type Happened =
  | { readonly order: string; readonly event: NorthboundEvent }
  | { readonly order: string; readonly close: CloseMark }

function stateAfter(before: State | undefined, next: Happened, rules: AlertRules): State | undefined {
  if ('event' in next) return evolveWith(before, next.event, rules)
  // A close alone makes no participant.
  return before?.kind === 'participant' ? applyRoomClose(before, next.close) : before
}

function evolveWith(state: State | undefined, event: NorthboundEvent, rules: AlertRules): State | undefined {
  switch (aggregateOf(event).kind) {
    case 'room':
      return evolveRoom(state?.kind === 'room' ? state : undefined, event)
    case 'participant':
      return evolveParticipant(state?.kind === 'participant' ? state : undefined, event)
    case 'recording':
      return evolveRecording(state?.kind === 'recording' ? state : undefined, event)
    case 'box':
      return evolveBox(state?.kind === 'box' ? state : undefined, event, rules)
    case 'other':
      return state
  }
}

/** Each `trace_id` once, at its earliest, in order: the history of one aggregate. */
export function history(events: Iterable<NorthboundEvent>): NorthboundEvent[] {
  const once = new Map<string, NorthboundEvent>()
  for (const event of sortBy(events, orderKey)) if (!once.has(event.trace_id)) once.set(event.trace_id, event)
  return [...once.values()]
}

/**
 * The state of everything, by aggregate key: what any way of processing these events must end in.
 *
 * This is the specification that the road of the events is tested against.
 */
export function fold(events: Iterable<NorthboundEvent>, rules: AlertRules): Map<string, State> {
  const aggregates = new Map<string, { aggregate: AggregateId; events: NorthboundEvent[] }>()
  for (const event of events) {
    const aggregate = aggregateOf(event)
    const entry = aggregates.get(streamOf(aggregate)) ?? { aggregate, events: [] }
    entry.events.push(event)
    aggregates.set(streamOf(aggregate), entry)
  }
  const states = new Map<string, State>()
  for (const [key, { aggregate, events: own }] of aggregates) {
    const room = aggregate.kind === 'participant' ? streamOf({ kind: 'room', room_id: aggregate.room_id }) : ''
    const closes = closesOf(history(aggregates.get(room)?.events ?? []))
    const state = evolve(undefined, history(own), closes, rules)
    if (state !== undefined) states.set(key, state)
  }
  return states
}
