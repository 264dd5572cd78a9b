import type { NorthboundEvent } from '../protocol/events.ts'
import { type KnownCloses, maxTrackedCloses, nextCloseMark, noCloses } from './closes.ts'

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
}

const initialState: RoomState = {
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

/** Applies an event to a room (docs/contract.md, section 4). Events must come in order. */
export function evolveRoom(state: RoomState = initialState, event: NorthboundEvent): RoomState {
  switch (event.data.event) {
    case 'open':
      return applyOpen(state, event)
    case 'close':
      return applyClose(state, event, event.data.event_type)
    default:
      return state
  }
}

function applyOpen(state: RoomState, { received_at, source }: NorthboundEvent): RoomState {
  const estimated = source === 'reconcile'
  if (state.status === 'closed')
    return {
      ...initialState,
      closes: state.closes,
      closes_cut: state.closes_cut,
      status: 'open',
      opened_at: received_at,
      opening_estimated: estimated,
    }
  // A correction only confirms an open room.
  if (estimated) return state
  // A genuine open replaces an estimated one.
  if (state.opening_estimated) return { ...state, opened_at: received_at, opening_estimated: false }
  return { ...state, reopened: state.reopened + 1 }
}

function applyClose(state: RoomState, event: NorthboundEvent, reason: string): RoomState {
  const mark = nextCloseMark(state.closes, event)
  const closes = [...state.closes, mark]
  const marked: RoomState = {
    ...state,
    closes: closes.slice(-maxTrackedCloses),
    closes_cut: state.closes_cut || closes.length > maxTrackedCloses,
  }
  const alreadyClosed = state.closed_at !== null
  const replacesEstimate = state.closing_estimated && !mark.estimated
  if (alreadyClosed && !replacesEstimate) return marked
  return {
    ...marked,
    status: 'closed',
    closed_at: event.received_at,
    close_reason: reason,
    closing_estimated: mark.estimated,
  }
}
