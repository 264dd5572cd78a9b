import type { NorthboundEvent } from '../protocol/events.ts'
import { type CloseMark, type KnownCloses, maxTrackedCloses, nextCloseMark, noCloses } from './closes.ts'
import { isWithinTolerance } from './connections.ts'
import { isSameEnd, isSameStart } from './estimates.ts'
import type { RoomBasis } from './room-basis.ts'

/** What is known about the last opening of a room. */
export type RoomFacts = {
  readonly status: 'open' | 'closed'
  /** ms; null if the room was closed without a known open. */
  readonly opened_at: number | null
  readonly closed_at: number | null
  readonly close_reason: string | null
  /** Number of opens while the room was open, for example because a media server restarted after a crash. */
  readonly reopened: number
  readonly opening_estimated: boolean
  readonly closing_estimated: boolean
  /** Absent if the state follows from the genuine events of the room alone. */
  readonly basis?: RoomBasis
}

export type RoomState = KnownCloses &
  RoomFacts & {
    readonly kind: 'room'
    /** The platform's name for the room; absent if no sweep has found one. Nothing else depends on it. */
    readonly name?: string
    /** What the events of the room alone imply; absent unless people who came after the last of them imply something else. */
    readonly if_empty?: RoomFacts
    /** Whether the state must be folded again with the participants of the room. */
    readonly is_unsettled?: true
  }

/** A room in which nothing has happened. */
export const unusedRoom: RoomState = {
  kind: 'room',
  status: 'closed',
  opened_at: null,
  closed_at: null,
  close_reason: null,
  reopened: 0,
  opening_estimated: false,
  closing_estimated: false,
  ...noCloses,
}

const notClosed = { status: 'open', closed_at: null, close_reason: null, closing_estimated: false } as const

/** Whether the room is open because people are in it, although its last event is not an open. */
export function isInferredOpen({ status, basis }: RoomState): boolean {
  return status === 'open' && basis?.first_user_id !== undefined && basis.until === undefined
}

export function isOpenByEvent(state: RoomState): boolean {
  return state.status === 'open' && !isInferredOpen(state)
}

/** ms: only sessions that began later can matter, because a genuine close came then; undefined if all can. */
export function relevantSince({ basis, opened_at, closes }: RoomState): number | undefined {
  if (basis !== undefined) return basis.since
  return opened_at === null ? undefined : closes.findLast(({ at }) => at < opened_at)?.at
}

/** ms: sessions that began until then have ended, because the room was closed. */
export function lastCloseAt({ closes, closes_cut }: KnownCloses): number {
  const last = closes.findLast(({ is_void }) => !is_void) ?? (closes_cut ? closes[0] : undefined)
  return last?.at ?? Number.NEGATIVE_INFINITY
}

/** The state that the events of the room alone imply. */
export function withoutPeople(state: RoomState): RoomState {
  const { kind, name, closes, closes_cut, if_empty, is_unsettled: _, ...facts } = state
  return withName({ kind, closes, closes_cut, ...(if_empty ?? facts) }, name)
}

/** @param name undefined leaves out the name. */
export function withName({ name: _, ...state }: RoomState, name: string | undefined): RoomState {
  return name === undefined ? state : { ...state, name }
}

/**
 * Applies an event to a room (docs/contract.md, section 4). Events must come in order.
 *
 * @param found what the room was when the event came, including what the presence of people implies (`foldRoom`).
 * @param isConfirmed whether something genuine happened between the estimated start of an opening and this open.
 */
export function evolveRoom(found: RoomState = unusedRoom, event: NorthboundEvent, isConfirmed = false): RoomState {
  const name = event.data.event === 'name_room' ? event.data.room_name : found.name
  return withName(evolveOpening(found, event, isConfirmed), name)
}

/** The part of `evolveRoom` that does not concern the name. */
function evolveOpening(found: RoomState, event: NorthboundEvent, isConfirmed: boolean): RoomState {
  const { if_empty: _, is_unsettled: _unsettled, ...state } = found
  switch (event.data.event) {
    case 'open':
      if (event.source === 'callback') return applyOpen(state, event.received_at, isConfirmed)
      // An estimated open of an open room changes nothing.
      return state.status === 'open' ? withoutPeople(found) : applyEstimatedOpen(state, event.received_at)
    case 'close':
      return applyClose(state, event, event.data.event_type)
    default:
      return state
  }
}

/** Applies an estimated close that later events show to be a mistake: it is remembered, and changes nothing. */
export function applyVoidClose(state: RoomState = unusedRoom, event: NorthboundEvent): RoomState {
  const mark = { ...nextCloseMark(state.closes, event), is_void: true } as const
  return { ...state, ...track(state, mark), basis: basisOf(state) }
}

/** Whether an open can replace the start of the opening that it finds (docs/contract.md, section 4, Estimates). */
export function isReplaceableStart({ status, opening_estimated, reopened, opened_at }: RoomState, at: number): boolean {
  return status === 'open' && opening_estimated && reopened === 0 && opened_at !== null && isSameStart(opened_at, at)
}

/** A room after a genuine close: nothing that came before matters for the next opening. */
export function forgetPast({ closes, closes_cut }: KnownCloses): RoomState {
  const last = closes.at(-1)
  return {
    ...unusedRoom,
    closes: closes.map(({ is_void: _, ...close }) => close),
    closes_cut,
    ...(last && { basis: { since: last.at } }),
  }
}

function applyOpen(state: RoomState, at: number, isConfirmed: boolean): RoomState {
  const { status, opened_at, reopened, basis } = state
  if (status === 'closed') return beginOpening(state, at)
  const found = isInferredOpen(state) ? { ...state, basis: { ...basis, until: at } } : state
  if (opened_at === null || isConfirmed || !isReplaceableStart(state, at)) return { ...found, reopened: reopened + 1 }
  // An estimated start within the tolerance before the open leaves no trace.
  if (isWithinTolerance(opened_at, at)) return beginOpening(state, at)
  return { ...found, opened_at: at, opening_estimated: false, basis: { ...found.basis, estimated_start: opened_at } }
}

function beginOpening(state: RoomState, at: number): RoomState {
  return isGenuinelyClosed(state) ? open(forgetPast(state), at) : { ...open(state, at), basis: sinceOf(state) }
}

/** Whether the last close of the room is genuine, if there is one. */
export function isGenuinelyClosed({ closes }: KnownCloses): boolean {
  return closes.at(-1)?.estimated !== true
}

/** @param state of a closed room. */
function applyEstimatedOpen(state: RoomState, at: number): RoomState {
  const { opened_at, closed_at, closing_estimated } = state
  if (opened_at !== null && closed_at !== null && isSameEnd({ at: closed_at, estimated: closing_estimated }, at))
    return { ...state, ...notClosed, basis: { ...basisOf(state), until: closed_at, resumed_at: at } }
  return { ...open(state, at), opening_estimated: true, basis: sinceOf(state) }
}

function open({ closes, closes_cut }: KnownCloses, opened_at: number): RoomState {
  return { ...unusedRoom, closes, closes_cut, status: 'open', opened_at }
}

function applyClose(state: RoomState, event: NorthboundEvent, close_reason: string): RoomState {
  const mark = nextCloseMark(state.closes, event)
  const { at, estimated } = mark
  const tracked: RoomState = { ...state, ...track(state, mark) }
  const closing = { status: 'closed', closed_at: at, close_reason, closing_estimated: estimated } as const
  if (state.status === 'open') {
    const inferred = isInferredOpen(state) ? { ...state.basis, until: at } : state.basis
    const basis = estimated ? (inferred ?? sinceOf(state)) : inferred
    return { ...tracked, ...closing, ...(basis && { basis }) }
  }
  // An estimated close always leaves a basis, because activity may show it to be void.
  const marked = estimated ? { ...tracked, basis: basisOf(state) } : tracked
  if (state.closed_at === null) return { ...marked, ...closing }
  const isReplaced = !estimated && isSameEnd({ at: state.closed_at, estimated: state.closing_estimated }, at)
  return isReplaced ? { ...marked, ...closing } : marked
}

function track({ closes, closes_cut }: KnownCloses, mark: CloseMark): KnownCloses {
  const next = [...closes, mark]
  return { closes: next.slice(-maxTrackedCloses), closes_cut: closes_cut || next.length > maxTrackedCloses }
}

function basisOf(state: RoomState): RoomBasis {
  return state.basis ?? sinceOf(state)
}

/** The part of the basis that holds until the next genuine close. */
export function sinceOf(state: RoomState): Pick<RoomBasis, 'since'> {
  const since = relevantSince(state)
  return since === undefined ? {} : { since }
}
