import type { KnownEventData, NorthboundEvent } from '../protocol/events.ts'
import type { CloseMark } from './closes.ts'

export type SessionEnd = {
  /** ms */
  readonly at: number
  readonly reason: string
  readonly estimated: boolean
}

/** One continuous presence of a participant in a room, from join to leave. */
export type Session = {
  /** ms */
  readonly joined_at: number
  readonly start_estimated: boolean
  readonly endpoint_type: string | null
  /** Number of joins during the session: each is a reconnect of the client. */
  readonly reconnects: number
  readonly end: SessionEnd | null
}

/** A remote stream that the participant receives. `since`: ms. */
export type MediaSubscription = { readonly stream_id: string; readonly stream_type: string; readonly since: number }
/** A stream that the participant publishes. */
export type MediaStream = MediaSubscription & { readonly resolution: string | null }

export type ParticipantState = {
  readonly kind: 'participant'
  readonly user_name: string | null
  /** The current session or, after a leave, the last one; null if no join is known. */
  readonly session: Session | null
  /** Published streams; empty outside an open session. */
  readonly streams: readonly MediaStream[]
  /** Subscribed streams; empty outside an open session. */
  readonly subscriptions: readonly MediaSubscription[]
}

type ParticipantEventData = Extract<KnownEventData, { user_id: string }>

const initialState: ParticipantState = {
  kind: 'participant',
  user_name: null,
  session: null,
  streams: [],
  subscriptions: [],
}

export function isPresent(state: ParticipantState): boolean {
  return state.session !== null && state.session.end === null
}

/**
 * Applies an event to a participant, its streams and its subscriptions (docs/contract.md, section 4).
 * Events and closes of the room must come in order.
 */
export function evolveParticipant(state: ParticipantState = initialState, event: NorthboundEvent): ParticipantState {
  const { data } = event
  switch (data.event) {
    case 'join':
      return mergeProfile(applyJoin(state, event), data)
    case 'update':
      return mergeProfile(state, data)
    case 'leave':
      return applyLeave(isPresent(state) ? mergeProfile(state, data) : state, event, data.event_type)
    case 'publish': {
      const resumed = voidEstimatedEnd(state)
      if (!isPresent(resumed)) return resumed
      const { stream_id, stream_type, resolution = null } = data
      const stream = { stream_id, stream_type, resolution, since: event.received_at }
      return mergeProfile({ ...resumed, streams: addStream(resumed.streams, stream) }, data)
    }
    case 'unpublish':
      return { ...state, streams: removeStream(state.streams, data.stream_id) }
    case 'sub': {
      const resumed = voidEstimatedEnd(state)
      if (!isPresent(resumed)) return resumed
      const { stream_id, stream_type } = data
      const subscription = { stream_id, stream_type, since: event.received_at }
      return { ...resumed, subscriptions: addStream(resumed.subscriptions, subscription) }
    }
    case 'unsub':
      return { ...state, subscriptions: removeStream(state.subscriptions, data.stream_id) }
    default:
      return state
  }
}

/** Whether the next close of the room can end the session: the participant is present, or left by an estimated close. */
export function canBeEndedByClose({ session }: ParticipantState): boolean {
  if (session === null) return false
  return session.end === null || (session.end.reason === 'room_closed' && session.end.estimated)
}

/** A close of the room ends the current session. A genuine close replaces an estimated one. */
export function applyRoomClose(state: ParticipantState, close: CloseMark): ParticipantState {
  const { at, estimated } = close
  if (!canBeEndedByClose(state) || (!isPresent(state) && estimated)) return state
  return endSession(state, { at, reason: 'room_closed', estimated })
}

/** Publishing or subscribing proves presence, so it voids an estimated leave. */
function voidEstimatedEnd(state: ParticipantState): ParticipantState {
  return state.session?.end?.estimated ? { ...state, session: { ...state.session, end: null } } : state
}

function applyJoin(state: ParticipantState, event: NorthboundEvent): ParticipantState {
  const estimated = event.source === 'reconcile'
  const { session } = state
  if (session === null || session.end !== null) {
    const started: Session = {
      joined_at: event.received_at,
      start_estimated: estimated,
      endpoint_type: null,
      reconnects: 0,
      end: null,
    }
    return { ...state, session: started, streams: [], subscriptions: [] }
  }
  // A correction only confirms a present participant.
  if (estimated) return state
  // A genuine join replaces an estimated one.
  if (session.start_estimated)
    return { ...state, session: { ...session, joined_at: event.received_at, start_estimated: false } }
  return { ...state, session: { ...session, reconnects: session.reconnects + 1 } }
}

function applyLeave(state: ParticipantState, event: NorthboundEvent, reason: string): ParticipantState {
  const estimated = event.source === 'reconcile'
  const end = state.session?.end
  // A leave without a session changes nothing, unless it is genuine and replaces an estimated end.
  if (!isPresent(state) && (estimated || !end?.estimated)) return state
  return endSession(state, { at: event.received_at, reason, estimated })
}

function endSession(state: ParticipantState, end: SessionEnd): ParticipantState {
  if (state.session === null) return state
  return { ...state, session: { ...state.session, end }, streams: [], subscriptions: [] }
}

/** Merges the profile that an event carries: the user name and, in a session, the endpoint type. */
function mergeProfile(state: ParticipantState, data: ParticipantEventData): ParticipantState {
  const { user_name = state.user_name, endpoint_type } = data
  const named = { ...state, user_name }
  if (state.session === null || state.session.end !== null || endpoint_type === undefined) return named
  return { ...named, session: { ...state.session, endpoint_type } }
}

/** Adds the stream, or updates it if it is already on; it then keeps its `since` and its position. */
function addStream<Item extends MediaSubscription>(items: readonly Item[], item: Item): Item[] {
  const existing = items.find((other) => other.stream_id === item.stream_id)
  if (existing === undefined) return [...items, item]
  return items.map((other) => (other === existing ? { ...item, since: existing.since } : other))
}

function removeStream<Item extends MediaSubscription>(items: readonly Item[], streamId: string): readonly Item[] {
  return items.filter((item) => item.stream_id !== streamId)
}
