import type { NorthboundEvent } from '../protocol/events.ts'
import { type KnownCloses, maxTrackedCloses, nextCloseMark, noCloses } from './closes.ts'

export type RoomState = KnownCloses & {
  readonly kind: 'room'
  readonly status: 'open' | 'closed'
  /** ms; null where the room was closed without an open ever seen. */
  readonly opened_at: number | null
  readonly closed_at: number | null
  readonly close_reason: string | null
  /** How often the room was opened while it was open: a media server came back after a crash. */
  readonly reopened: number
  readonly opening_estimated: boolean
  readonly closing_estimated: boolean
}

const neverSeen: RoomState = {
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

/** Contract, section 4, Room. Events must come in order. */
export function evolveRoom(state: RoomState = neverSeen, event: NorthboundEvent): RoomState {
  switch (event.data.event) {
    case 'open':
      return open(state, event)
    case 'close':
      return close(state, event, event.data.event_type)
    default:
      return state
  }
}

function open(state: RoomState, { received_at, source }: NorthboundEvent): RoomState {
  const estimated = source === 'reconcile'
  if (state.status === 'closed')
    return {
      ...neverSeen,
      closes: state.closes,
      closes_cut: state.closes_cut,
      status: 'open',
      opened_at: received_at,
      opening_estimated: estimated,
    }
  // The list only confirms what is known.
  if (estimated) return state
  // The truth about an opening that was only inferred.
  if (state.opening_estimated) return { ...state, opened_at: received_at, opening_estimated: false }
  return { ...state, reopened: state.reopened + 1 }
}

function close(state: RoomState, event: NorthboundEvent, reason: string): RoomState {
  const mark = nextCloseMark(state.closes, event)
  const closes = [...state.closes, mark]
  const marked: RoomState = {
    ...state,
    closes: closes.slice(-maxTrackedCloses),
    closes_cut: state.closes_cut || closes.length > maxTrackedCloses,
  }
  const alreadyClosed = state.closed_at !== null
  const truthAboutEstimate = state.closing_estimated && !mark.estimated
  if (alreadyClosed && !truthAboutEstimate) return marked
  return {
    ...marked,
    status: 'closed',
    closed_at: event.received_at,
    close_reason: reason,
    closing_estimated: mark.estimated,
  }
}
