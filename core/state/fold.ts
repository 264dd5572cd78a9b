import type { NorthboundEvent } from '../protocol/events.ts'
import { type AlertRules, type BoxState, evolveBox } from './box.ts'
import { type CloseMark, closesOf } from './closes.ts'
import { orderKey, sortedBy } from './order.ts'
import { evolveParticipant, evolveWithClose, type ParticipantState } from './participant.ts'
import { evolveRecording, type RecordingState } from './recording.ts'
import { evolveRoom, type RoomState } from './room.ts'
import { type Subject, subjectKey, subjectOf } from './subject.ts'

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
 * @param state of the same subject as the events; undefined: nothing yet.
 * @param closes of the room, in order, for a participant: they take part in its history.
 */
export function steps(
  state: State | undefined,
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[],
  rules: AlertRules,
): Step[] {
  const happened = sortedBy<Happened>(
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
  return before?.kind === 'participant' ? evolveWithClose(before, next.close) : before
}

function evolveWith(state: State | undefined, event: NorthboundEvent, rules: AlertRules): State | undefined {
  switch (subjectOf(event).kind) {
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

/** Each `trace_id` once, at its earliest, in order: the history of one subject. */
export function history(events: Iterable<NorthboundEvent>): NorthboundEvent[] {
  const once = new Map<string, NorthboundEvent>()
  for (const event of sortedBy(events, orderKey)) if (!once.has(event.trace_id)) once.set(event.trace_id, event)
  return [...once.values()]
}

/**
 * The state of everything, by subject key: what any way of processing these events must end in.
 *
 * This is the specification that the road of the events is tested against.
 */
export function fold(events: Iterable<NorthboundEvent>, rules: AlertRules): Map<string, State> {
  const subjects = new Map<string, { subject: Subject; events: NorthboundEvent[] }>()
  for (const event of events) {
    const subject = subjectOf(event)
    const entry = subjects.get(subjectKey(subject)) ?? { subject, events: [] }
    entry.events.push(event)
    subjects.set(subjectKey(subject), entry)
  }
  const states = new Map<string, State>()
  for (const [key, { subject, events: own }] of subjects) {
    const room = subject.kind === 'participant' ? subjectKey({ kind: 'room', room_id: subject.room_id }) : ''
    const closes = closesOf(history(subjects.get(room)?.events ?? []))
    const state = evolve(undefined, history(own), closes, rules)
    if (state !== undefined) states.set(key, state)
  }
  return states
}
