import type { NorthboundEvent } from '../protocol/events.ts'
import { isWithinTolerance, toleranceMs } from './connections.ts'
import { voidWindowMs } from './estimates.ts'
import { type Occupancy, type OccupiedPeriod, occupiedPeriods } from './occupancy.ts'
import { OccupancyIndex } from './occupancy-index.ts'
import { findPlace, orderKey, sortBy, timeKey } from './order.ts'
import {
  applyVoidClose,
  evolveRoom,
  forgetPast,
  isGenuinelyClosed,
  isOpenByEvent,
  isReplaceableStart,
  lastCloseAt,
  type RoomFacts,
  type RoomState,
  relevantSince,
  sinceOf,
  unusedRoom,
  withName,
  withoutPeople,
} from './room.ts'

// The state of a room depends on its participants: people in a closed room imply that it is open, and what they do after an
// estimated close shows that the close was wrong (docs/contract.md, section 4).

/** A part of the order of events, without its limits. Both are order keys or their beginnings. */
export type ActivityWindow = { readonly after: string; readonly before: string }

/** A fold that asks whether something genuine happened in the room within a window, and goes on with the answer. */
export type RoomFold = Generator<ActivityWindow, FoldedRoom, boolean>

export type FoldedRoom = {
  readonly state: RoomState | undefined
  /** The state after each event that matters, without people who came after it. */
  readonly steps: readonly { readonly order: string; readonly state: RoomState | undefined }[]
}

/** An open or a close of a room, with the states before and after it. */
export type RoomStep = {
  readonly event: NorthboundEvent
  /** Periods of inferred openings that had ended before the event, all but the last one. */
  readonly earlierPeriods: readonly OccupiedPeriod[]
  /** As the event finds the room, including what the presence of people implies. */
  readonly found: RoomState | undefined
  /** After the event, without people who came after it. */
  readonly state: RoomState | undefined
}

/** All steps of a room's history, and what people imply after the last of them. */
export type RoomTrace = {
  readonly steps: readonly RoomStep[]
  readonly earlierPeriods: readonly OccupiedPeriod[]
  readonly found: RoomState | undefined
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

/** @param orders order keys or their beginnings, sorted. */
export function isAnyInWindow(orders: readonly string[], window: ActivityWindow): boolean {
  const first = orders[findPlace(orders, (order) => order <= window.after)]
  return first !== undefined && isInWindow(first, window)
}

/** The part of the order of events in which activity voids an estimated close. */
export function voidWindowOf(close: { readonly at: number; readonly order: string }): ActivityWindow {
  return { after: close.order, before: timeKey(close.at + voidWindowMs + 1) }
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
  const openings = events.filter((event) => !isNaming(event))
  const names = events.filter(isNaming)
  const { is_unsettled: _, name, ...settled } = start ?? unusedRoom
  const folded = yield* foldOpenings(start && settled, openings, occupancies)
  if (name === undefined && names.length === 0) return folded
  return addNames(folded, { start, names })
}

/** Folds events that do not name the room. */
function* foldOpenings(
  start: RoomState | undefined,
  events: readonly NorthboundEvent[],
  occupancies: readonly Occupancy[],
): RoomFold {
  const first = Math.max(0, findBeginning(events))
  let state = start
  for (const event of events.slice(0, first)) state = evolveRoom(state, event)
  const { steps, found } = yield* traceRoom(state, events.slice(first), new OccupancyIndex(occupancies))
  return { state: found, steps: steps.map(({ event, state }) => ({ order: orderKey(event), state })) }
}

/**
 * Folds every open and close of a room with the sessions of its participants, and keeps what each event found and made of it.
 *
 * @param start the state that the history continues; undefined at its beginning.
 * @param events opens and closes of the room, in order.
 * @param occupancies all sessions that matter.
 */
export function* traceRoom(
  start: RoomState | undefined,
  events: readonly NorthboundEvent[],
  occupancies: OccupancyIndex,
): Generator<ActivityWindow, RoomTrace, boolean> {
  const voidCloses = yield* findVoidCloses(events, occupancies)
  const steps: RoomStep[] = []
  let state = start
  for (const event of events) {
    if (voidCloses.has(event)) {
      const found = state
      state = applyVoidClose(found, event)
      steps.push({ event, earlierPeriods: [], found, state })
    } else {
      const { found, earlierPeriods } = infer(state, occupancies, event)
      state = evolveRoom(found, event, yield* isStartConfirmed(found, event))
      steps.push({ event, earlierPeriods, found, state })
    }
  }
  return { steps, ...infer(state, occupancies, undefined) }
}

function isNaming({ data }: NorthboundEvent): boolean {
  return data.event === 'name_room'
}

type Naming = { readonly start: RoomState | undefined; readonly names: readonly NorthboundEvent[] }

/** Adds the names of a room to what its other events have made of it: the two do not depend on each other. */
function addNames({ state, steps }: FoldedRoom, { start, names }: Naming): FoldedRoom {
  const first = steps[0]?.order ?? ''
  // Before the first step, the events alone decide.
  const named = names.map((event) => ({ order: orderKey(event), event }))
  const entries = sortBy([...steps.map((step) => ({ ...step, event: undefined })), ...named], ({ order }) => order)
  let known = start && withoutPeople(start)
  let name = start?.name
  const namedSteps = entries.map((entry) => {
    if (entry.event === undefined) known = entry.state
    else if (entry.event.data.event === 'name_room') name = entry.event.data.room_name
    return { order: entry.order, state: nameRoom(known, name) }
  })
  return { state: nameRoom(state, name), steps: namedSteps.filter(({ order }) => order >= first) }
}

function nameRoom(state: RoomState | undefined, name: string | undefined): RoomState | undefined {
  return name === undefined ? state : withName(state ?? unusedRoom, name)
}

/** ms: sessions that began until then cannot matter. */
export function findRelevantTime(start: RoomState | undefined, history: readonly NorthboundEvent[]): number {
  const events = history.filter((event) => !isNaming(event))
  const first = findBeginning(events)
  if (first > 0) return events[first - 1]?.received_at ?? Number.NEGATIVE_INFINITY
  return (start && relevantSince(start)) ?? Number.NEGATIVE_INFINITY
}

/** The index of the last genuine open that directly follows a genuine close, or -1: nothing before the close matters. */
export function findBeginning(events: readonly NorthboundEvent[]): number {
  return events.findLastIndex((event, at) => {
    const before = events[at - 1]
    return isGenuineOpen(event) && before?.data.event === 'close' && before.source === 'callback'
  })
}

function isGenuineOpen({ data, source }: NorthboundEvent): boolean {
  return data.event === 'open' && source === 'callback'
}

/** The estimated closes that were mistakes: a genuine event in the room follows in time, or a session goes on after them. */
function* findVoidCloses(
  events: readonly NorthboundEvent[],
  occupancies: OccupancyIndex,
): Generator<ActivityWindow, ReadonlySet<NorthboundEvent>, boolean> {
  const voidCloses = new Set<NorthboundEvent>()
  const closes = events.filter(({ data, source }) => data.event === 'close' && source === 'reconcile')
  const opens = closes.length === 0 ? [] : events.filter(isGenuineOpen).map(orderKey)
  for (const event of closes) {
    const { received_at } = event
    const window = voidWindowOf({ at: received_at, order: orderKey(event) })
    const isReopened = isAnyInWindow(opens, window)
    if (isReopened || occupancies.hasOutlasting(received_at) || (yield window)) voidCloses.add(event)
  }
  return voidCloses
}

/** Whether something genuine happened between the estimated start of an opening and an open that would replace it. */
function* isStartConfirmed(
  found: RoomState | undefined,
  event: NorthboundEvent,
): Generator<ActivityWindow, boolean, boolean> {
  const { received_at } = event
  if (!isGenuineOpen(event) || found === undefined || !isReplaceableStart(found, received_at)) return false
  const window = startWindowOf(found.opened_at ?? received_at, received_at)
  return window.after < window.before && (yield window)
}

/**
 * The part of the order in which activity shows that an opening had begun before its open. Within the tolerance, the activity
 * may have overtaken the open.
 */
export function startWindowOf(estimatedStart: number, openedAt: number): ActivityWindow {
  return { after: timeKey(estimatedStart), before: timeKey(openedAt - toleranceMs) }
}

/** The state as the next event finds it: a room that is not open by an event is open while people are in it. */
function infer(
  known: RoomState | undefined,
  occupancies: OccupancyIndex,
  next: NorthboundEvent | undefined,
): Pick<RoomTrace, 'found' | 'earlierPeriods'> {
  if (known !== undefined && isOpenByEvent(known)) return { found: known, earlierPeriods: [] }
  const openedAt = next !== undefined && isGenuineOpen(next) ? next.received_at : undefined
  const isNewOpening = openedAt !== undefined && known !== undefined && isGenuinelyClosed(known)
  const state = isNewOpening ? forgetPast(known) : known
  // In one millisecond, joins come after an open and before a close.
  const before = next && (next.data.event === 'close' ? next.received_at + 1 : next.received_at)
  const after = state === undefined ? Number.NEGATIVE_INFINITY : lastCloseAt(state)
  const periods = occupiedPeriods(occupancies.startedIn({ after, before }))
  const period = periods.at(-1)
  const earlierPeriods = periods.slice(0, -1)
  // Sessions that began right before an open may have overtaken it.
  if (period === undefined || (openedAt !== undefined && isWithinTolerance(period.from, openedAt)))
    return { found: state, earlierPeriods }
  const { until } = period
  const isPast = until !== null && (next === undefined || until < next.received_at)
  return { found: inferState(state ?? unusedRoom, { ...period, until: isPast ? until : null }), earlierPeriods }
}

function inferState(state: RoomState, period: OccupiedPeriod): RoomState {
  const { kind: _kind, closes, closes_cut, ...if_empty } = withoutPeople(state)
  const { first_user_id, until } = period
  return {
    ...unusedRoom,
    closes,
    closes_cut,
    ...inferOpening(period),
    basis: { ...sinceOf(state), first_user_id, ...(until === null ? {} : { until }) },
    if_empty,
  }
}

/** The opening of a room that is not open by an event while people are in it. */
export function inferOpening({ from, until }: OccupiedPeriod): Omit<RoomFacts, 'reopened' | 'basis'> {
  const isClosed = until !== null
  return {
    status: isClosed ? 'closed' : 'open',
    opened_at: from,
    closed_at: until,
    close_reason: isClosed ? 'auto' : null,
    opening_estimated: true,
    closing_estimated: isClosed,
  }
}
