import type { NorthboundEvent } from '../protocol/events.ts'
import { type KnownCloses, maxTrackedCloses, nextCloseMark, noCloses } from './closes.ts'
import { isSameEnd, isSameStart } from './estimates.ts'
import type { RoomBasis } from './room-basis.ts'

export type RoomState = KnownCloses & {
  readonly kind: 'room'
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

/** ms: only sessions that began later can matter for a room that is not open by an event; undefined if all can. */
export function relevantSince({ basis, opened_at, closed_at }: RoomState): number | undefined {
  if (basis !== undefined) return basis.since
  return opened_at === null ? undefined : (closed_at ?? undefined)
}

/**
 * Applies an event to a room (docs/contract.md, section 4). Events must come in order.
 *
 * @param state what the room was when the event came, including what the presence of people implies (`foldRoom`).
 */
export function evolveRoom(state: RoomState = unusedRoom, event: NorthboundEvent): RoomState {
  switch (event.data.event) {
    case 'open':
      return event.source === 'reconcile'
        ? applyEstimatedOpen(state, event.received_at)
        : applyOpen(state, event.received_at)
    case 'close':
      return applyClose(state, event, event.data.event_type)
    default:
      return state
  }
}

function applyOpen(state: RoomState, at: number): RoomState {
  if (!isOpenByEvent(state)) {
    // After a genuine close, nothing that came before matters any more.
    const isBeginning = state.closes.at(-1)?.estimated !== true
    return { ...open(state, at), ...(isBeginning ? {} : { basis: { since: at } }) }
  }
  const { opened_at, opening_estimated, basis } = state
  if (!opening_estimated || opened_at === null || !isSameStart(opened_at, at))
    return { ...state, reopened: state.reopened + 1 }
  const { since } = basis ?? {}
  return {
    ...state,
    opened_at: at,
    opening_estimated: false,
    basis: { ...(since === undefined ? {} : { since }), estimated_start: opened_at },
  }
}

function applyEstimatedOpen(state: RoomState, at: number): RoomState {
  if (isOpenByEvent(state)) return state
  if (state.status === 'open') return { ...state, basis: { ...state.basis, until: at } }
  const { opened_at, closed_at, closing_estimated } = state
  const basis = basisOf(state)
  if (opened_at !== null && closed_at !== null && isSameEnd({ at: closed_at, estimated: closing_estimated }, at))
    return { ...state, ...notClosed, basis: { ...basis, until: closed_at, resumed_at: at } }
  const { since } = basis
  return { ...open(state, at), opening_estimated: true, basis: since === undefined ? {} : { since } }
}

function open({ closes, closes_cut }: RoomState, opened_at: number): RoomState {
  return { ...unusedRoom, closes, closes_cut, status: 'open', opened_at }
}

function applyClose(state: RoomState, event: NorthboundEvent, close_reason: string): RoomState {
  const mark = nextCloseMark(state.closes, event)
  const { at, estimated } = mark
  const closes = [...state.closes, mark]
  const marked: RoomState = {
    ...state,
    closes: closes.slice(-maxTrackedCloses),
    closes_cut: state.closes_cut || closes.length > maxTrackedCloses,
  }
  const closing = { status: 'closed', closed_at: at, close_reason, closing_estimated: estimated } as const
  if (state.status === 'open') {
    const inferred = isInferredOpen(state) ? { ...state.basis, until: at } : state.basis
    const basis = estimated ? (inferred ?? { since: at }) : inferred
    return { ...marked, ...closing, ...(basis && { basis }) }
  }
  if (state.closed_at === null) return { ...marked, ...closing }
  const isReplaced = !estimated && isSameEnd({ at: state.closed_at, estimated: state.closing_estimated }, at)
  return isReplaced ? { ...marked, ...closing } : marked
}

function basisOf(state: RoomState): RoomBasis {
  const since = relevantSince(state)
  return state.basis ?? (since === undefined ? {} : { since })
}
