import type { NorthboundEvent } from '../protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from './aggregate.ts'
import { type BoxState, evolveBox } from './box.ts'
import { type CloseMark, closesOf } from './closes.ts'
import { evolveRecordings, type RecordingRules, type RecordingState } from './exporter.ts'
import { foldRoom, isActivity, isInWindow } from './fold-room.ts'
import { collectOccupancies, type Occupancy } from './occupancy.ts'
import { compareOrder, orderKey, precedes, sortBy } from './order.ts'
import { applyRoomClose, evolveParticipant, type ParticipantState } from './participant.ts'
import type { AlertRules } from './port-alerts.ts'
import { evolveRoom, type RoomState } from './room.ts'

export type State = RoomState | ParticipantState | RecordingState | BoxState

/** The settings of the installation that the fold depends on. */
export type FoldRules = AlertRules & RecordingRules

/** One step of the fold: an event (or, in a participant's history, a close of the room), and its effect on the state. */
export type Step = {
  /** The order key of the event or the close. */
  readonly order: string
  /** Undefined for a close. */
  readonly event: NorthboundEvent | undefined
  readonly before: State | undefined
  readonly after: State | undefined
}

/** An event or, in a participant's history, a close of the room, with its order key. */
export type HistoryEntry =
  | { readonly order: string; readonly event: NorthboundEvent }
  | { readonly order: string; readonly close: CloseMark }

/**
 * Yields a history in order. The entries are created one by one, because a list of them would need as much memory as the events.
 *
 * @param closes for a participant, the closes of the room: they are part of its history.
 */
export function* toEntries(
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[],
): Generator<HistoryEntry, void, undefined> {
  const sortedCloses = sortBy(closes, ({ order }) => order)
  let index = 0
  for (const event of events.toSorted(compareOrder)) {
    const order = orderKey(event)
    for (let close = sortedCloses[index]; close !== undefined && close.order < order; close = sortedCloses[++index])
      yield { order: close.order, close }
    yield { order, event }
  }
  for (const close of sortedCloses.slice(index)) yield { order: close.order, close }
}

/**
 * Folds a history into a state, one step at a time, so that a long history needs no list of its steps.
 *
 * @param state the state of the aggregate that the history belongs to, or undefined before its first event.
 * @param entries in order.
 */
function* foldEntries(
  state: State | undefined,
  entries: Iterable<HistoryEntry>,
  rules: FoldRules,
): Generator<Step, void, undefined> {
  let before = state
  for (const entry of entries) {
    const step = applyEntry(before, entry, rules)
    yield step
    before = step.after
  }
}

/** One step of `foldEntries`. */
export function applyEntry(before: State | undefined, entry: HistoryEntry, rules: FoldRules): Step {
  const after = evolveEntry(before, entry, rules)
  return { order: entry.order, event: 'event' in entry ? entry.event : undefined, before, after }
}

/** Folds events and closes, in any order, into a state. @returns every step. */
export function foldSteps(
  state: State | undefined,
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[],
  rules: FoldRules,
): Step[] {
  return [...foldEntries(state, toEntries(events, closes), rules)]
}

/** The state after the last step of `foldSteps`. */
export function evolve(
  state: State | undefined,
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[],
  rules: FoldRules,
): State | undefined {
  let last = state
  for (const { after } of foldEntries(state, toEntries(events, closes), rules)) last = after
  return last
}

function evolveEntry(before: State | undefined, entry: HistoryEntry, rules: FoldRules): State | undefined {
  if ('event' in entry) return evolveEvent(before, entry.event, rules)
  // A close alone creates no participant.
  return before?.kind === 'participant' ? applyRoomClose(before, entry.close) : before
}

function evolveEvent(state: State | undefined, event: NorthboundEvent, rules: FoldRules): State | undefined {
  switch (aggregateOf(event).kind) {
    case 'room':
      return evolveRoom(state?.kind === 'room' ? state : undefined, event)
    case 'participant':
      return evolveParticipant(state?.kind === 'participant' ? state : undefined, event)
    case 'recording':
      return evolveRecordings(state?.kind === 'recording' ? state : undefined, event, rules)
    case 'box':
      return evolveBox(state?.kind === 'box' ? state : undefined, event, rules)
    case 'other':
      return state
  }
}

/** The history of one aggregate: each `trace_id` once, with the content and at the time that counts, in order. */
export function historyOf(events: Iterable<NorthboundEvent>): NorthboundEvent[] {
  const byTraceId = new Map<string, NorthboundEvent>()
  for (const event of [...events].sort(compareOrder)) {
    const first = byTraceId.get(event.trace_id)
    if (first === undefined || precedes(event, first)) byTraceId.set(event.trace_id, event)
  }
  return [...byTraceId.values()]
}

/**
 * The states of all aggregates, by `streamOf`.
 *
 * This is the specification: however the events are delivered and processed, the stored states must equal this result.
 */
export function fold(events: Iterable<NorthboundEvent>, rules: FoldRules): Map<string, State> {
  const streams = new Map<string, { aggregate: AggregateId; events: NorthboundEvent[] }>()
  for (const event of events) {
    const aggregate = aggregateOf(event)
    const stream = streams.get(streamOf(aggregate)) ?? { aggregate, events: [] }
    stream.events.push(event)
    streams.set(streamOf(aggregate), stream)
  }
  const states = new Map<string, State>()
  const rooms = new Map<string, RoomEvents>()
  const openRoom = (room_id: string) => {
    const room = rooms.get(room_id) ?? { events: [], occupancies: [], activity: [] }
    rooms.set(room_id, room)
    return room
  }
  for (const [key, { aggregate, events: own }] of streams) {
    const history = historyOf(own)
    if (aggregate.kind === 'room') {
      openRoom(aggregate.room_id).events.push(...history)
      continue
    }
    const room = aggregate.kind === 'participant' ? streamOf({ kind: 'room', room_id: aggregate.room_id }) : ''
    const closes = closesOf(historyOf(streams.get(room)?.events ?? []))
    const steps = foldSteps(undefined, history, closes, rules)
    const state = steps.at(-1)?.after
    if (state !== undefined) states.set(key, state)
    if (aggregate.kind !== 'participant' && aggregate.kind !== 'recording') continue
    const { occupancies, activity } = openRoom(aggregate.room_id)
    activity.push(...history.filter(isActivity).map(orderKey))
    if (aggregate.kind !== 'participant') continue
    occupancies.push(...collectOccupancies(aggregate.user_id, steps.flatMap(toParticipantStep)))
  }
  for (const [room_id, room] of rooms) {
    const state = foldWithActivity(room)
    if (state !== undefined) states.set(streamOf({ kind: 'room', room_id }), state)
  }
  return states
}

function toParticipantStep({ event, before, after }: Step) {
  if (after?.kind !== 'participant') return []
  return [{ event, before: before?.kind === 'participant' ? before : undefined, after }]
}

/** What the state of a room depends on. */
type RoomEvents = {
  readonly events: NorthboundEvent[]
  readonly occupancies: Occupancy[]
  /** The order keys of the events that void an estimated close before them. */
  readonly activity: string[]
}

function foldWithActivity({ events, occupancies, activity }: RoomEvents): RoomState | undefined {
  const folding = foldRoom(undefined, events, occupancies)
  let result = folding.next()
  while (!result.done) {
    const window = result.value
    result = folding.next(activity.some((order) => isInWindow(order, window)))
  }
  return result.value.state
}
