import type { NorthboundEvent } from '../protocol/events.ts'
import { voidWindowMs } from './estimates.ts'
import { lastOccupiedPeriod, type Occupancy, type OccupiedPeriod } from './occupancy.ts'
import { orderKey, timeKey } from './order.ts'
import { evolveRoom, isOpenByEvent, type RoomState, relevantSince, unusedRoom } from './room.ts'

// The state of a room depends on its participants: people in a closed room imply that it is open, and what they do after an
// estimated close shows that the close was wrong (docs/contract.md, section 4).

/** A part of the order of events, without its limits. Both are order keys or their beginnings. */
export type ActivityWindow = { readonly after: string; readonly before: string }

/** A fold that asks whether something genuine happened in the room within a window, and goes on with the answer. */
export type RoomFold = Generator<ActivityWindow, FoldedRoom, boolean>

export type FoldedRoom = {
  readonly state: RoomState | undefined
  /** What the room was when the event after `order` came, for the events that matter. */
  readonly steps: readonly { readonly order: string; readonly state: RoomState | undefined }[]
}

/** Whether an event shows that its room was open. The files of a recording are often ready only after the room has closed. */
export function isActivity({ source, data }: NorthboundEvent): boolean {
  switch (data.event) {
    case 'open':
    case 'close':
    case 'record_transcoding_completion':
    case 'warning_notify':
    case 'unknown':
      return false
    default:
      return source === 'callback'
  }
}

export function isInWindow(order: string, { after, before }: ActivityWindow): boolean {
  return order > after && order < before
}

/** The part of the order of events in which activity voids an estimated close. */
export function voidWindowOf(close: { readonly at: number; readonly order: string }): ActivityWindow {
  return { after: close.order, before: timeKey(close.at + voidWindowMs + 1) }
}

/** A state of the room by its events, and what the next step needs besides. */
type Progress = {
  readonly state: RoomState | undefined
  /** ms: sessions that began until then have ended. */
  readonly lastCloseAt: number
  /** The order key of the last event. */
  readonly order: string
  /** The last estimated close, if activity can void it, and the progress before it. */
  readonly voidable?: { readonly before: Progress; readonly until: string }
}

/**
 * Folds the history of a room with the sessions of its participants.
 *
 * @param start the state that the history continues; undefined at its beginning.
 * @param events of the room, in order.
 * @param occupancies all sessions that began after `findRelevantTime(start, events)`.
 */
export function* foldRoom(
  start: RoomState | undefined,
  events: readonly NorthboundEvent[],
  occupancies: readonly Occupancy[],
): RoomFold {
  const first = Math.max(0, findBeginning(start, events))
  let progress: Progress = {
    state: events.slice(0, first).reduce<RoomState | undefined>(evolveRoom, start),
    lastCloseAt: start?.closes.at(-1)?.at ?? Number.NEGATIVE_INFINITY,
    order: '',
  }
  const steps: FoldedRoom['steps'][number][] = []
  for (const event of events.slice(first)) {
    progress = yield* voidClose(progress, orderKey(event))
    const state = infer(progress, occupancies, event)
    if (progress.order !== '') steps.push({ order: progress.order, state })
    progress = applyEvent(progress, state, event)
  }
  progress = yield* voidClose(progress, undefined)
  return { state: infer(progress, occupancies, undefined), steps }
}

/** ms: sessions that began until then cannot matter. Undefined if no session matters. */
export function findRelevantTime(start: RoomState | undefined, events: readonly NorthboundEvent[]): number | undefined {
  const first = findBeginning(start, events)
  if (first === -1) return start === undefined ? Number.NEGATIVE_INFINITY : relevantTimeOf(start)
  return events.slice(first).find(({ data }) => data.event === 'close')?.received_at
}

function relevantTimeOf(start: RoomState): number {
  if (isOpenByEvent(start) && start.basis === undefined) return start.opened_at ?? Number.NEGATIVE_INFINITY
  return relevantSince(start) ?? Number.NEGATIVE_INFINITY
}

/** The index of the last genuine open that directly follows a genuine close or is the first event, or -1: it starts afresh. */
function findBeginning(start: RoomState | undefined, events: readonly NorthboundEvent[]): number {
  return events.findLastIndex((event, at) => {
    const before = events[at - 1]
    if (!isGenuineOpen(event)) return false
    return before === undefined ? start === undefined : before.data.event === 'close' && before.source === 'callback'
  })
}

function isGenuineOpen(event: NorthboundEvent | undefined): boolean {
  return event !== undefined && event.data.event === 'open' && event.source === 'callback'
}

/** The state as the next event finds it: a room that is not open by an event is open while people are in it. */
function infer(
  { state, lastCloseAt }: Progress,
  occupancies: readonly Occupancy[],
  next: NorthboundEvent | undefined,
): RoomState | undefined {
  if (state !== undefined && isOpenByEvent(state)) return state
  // In one millisecond, joins come after an open and before a close.
  const before = next && (next.data.event === 'close' ? next.received_at + 1 : next.received_at)
  const period = lastOccupiedPeriod(occupancies, { after: lastCloseAt, before })
  if (period === undefined) return state
  const { until } = period
  const isPast = until !== null && (next === undefined || until < next.received_at)
  return inferState(state ?? unusedRoom, { ...period, until: isPast ? until : null })
}

function inferState(state: RoomState, { first_user_id, from, until }: OccupiedPeriod): RoomState {
  const since = relevantSince(state)
  const isClosed = until !== null
  return {
    ...unusedRoom,
    closes: state.closes,
    closes_cut: state.closes_cut,
    status: isClosed ? 'closed' : 'open',
    opened_at: from,
    closed_at: until,
    close_reason: isClosed ? 'auto' : null,
    opening_estimated: true,
    closing_estimated: isClosed,
    basis: { ...(since === undefined ? {} : { since }), first_user_id, ...(isClosed ? { until } : {}) },
  }
}

/** @param found the state as the event finds it. */
function applyEvent(before: Progress, found: RoomState | undefined, event: NorthboundEvent): Progress {
  const { received_at: at, source } = event
  const state = evolveRoom(found, event)
  const order = orderKey(event)
  if (event.data.event !== 'close') return { state, lastCloseAt: before.lastCloseAt, order }
  const closed = { state, lastCloseAt: at, order }
  // A genuine close is final.
  if (source === 'callback') return closed
  if (found?.status === 'open') return { ...closed, voidable: { before, until: voidWindowOf({ at, order }).before } }
  return before.voidable === undefined ? closed : { ...closed, voidable: before.voidable }
}

/** Continues the opening that an estimated close has ended if something genuine happens before the next event. */
function* voidClose(progress: Progress, next: string | undefined): Generator<ActivityWindow, Progress, boolean> {
  const { state, voidable, order } = progress
  if (state === undefined || voidable === undefined) return progress
  const before = next === undefined || voidable.until < next ? voidable.until : next
  if (order >= before || !(yield { after: order, before })) return progress
  const continued = voidable.before.state ?? unusedRoom
  const { closes, closes_cut, basis } = state
  // An inferred opening is inferred again.
  const isInferred = !isOpenByEvent(continued)
  return {
    ...voidable.before,
    state: { ...continued, closes, closes_cut, ...(!isInferred && basis && { basis }) },
    order,
  }
}
