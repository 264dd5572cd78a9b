import type { KnownEventData, NorthboundEvent } from '../protocol/events.ts'
import type { CloseMark } from './closes.ts'

export type SessionEnd = {
  /** ms */
  readonly at: number
  readonly reason: string
  readonly estimated: boolean
}

/** One stay of a person in a room. */
export type Session = {
  /** ms */
  readonly joined_at: number
  readonly start_estimated: boolean
  readonly endpoint_type: string | null
  /** Joins while in the room: the client came back after a crash. */
  readonly reconnects: number
  readonly end: SessionEnd | null
}

/** `since`: ms. */
export type Subscription = { readonly stream_id: string; readonly stream_type: string; readonly since: number }
export type Stream = Subscription & { readonly resolution: string | null }

export type ParticipantState = {
  readonly kind: 'participant'
  readonly user_name: string | null
  /** The current stay or, once left, the last one; null where only words about the person were heard. */
  readonly session: Session | null
  /** What the person sends and receives now; nothing outside an open session. */
  readonly streams: readonly Stream[]
  readonly subscriptions: readonly Subscription[]
}

type ParticipantFacts = Extract<KnownEventData, { user_id: string }>

const neverSeen: ParticipantState = {
  kind: 'participant',
  user_name: null,
  session: null,
  streams: [],
  subscriptions: [],
}

export function isPresent(state: ParticipantState): boolean {
  return state.session !== null && state.session.end === null
}

/** Contract, section 4, Participant, Stream, Subscription. Events and closes of the room must come in order. */
export function evolveParticipant(state: ParticipantState = neverSeen, event: NorthboundEvent): ParticipantState {
  const { data } = event
  switch (data.event) {
    case 'join':
      return introduced(joined(state, event), data)
    case 'update':
      return introduced(state, data)
    case 'leave':
      return left(isPresent(state) ? introduced(state, data) : state, event, data.event_type)
    case 'publish': {
      const here = stillHere(state)
      const { stream_id, stream_type, resolution = null } = data
      const stream = { stream_id, stream_type, resolution, since: event.received_at }
      return isPresent(here) ? introduced({ ...here, streams: switchedOn(here.streams, stream) }, data) : here
    }
    case 'unpublish':
      return { ...state, streams: recordDisabled(state.streams, data.stream_id) }
    case 'sub': {
      const here = stillHere(state)
      const { stream_id, stream_type } = data
      const subscription = { stream_id, stream_type, since: event.received_at }
      return isPresent(here) ? { ...here, subscriptions: switchedOn(here.subscriptions, subscription) } : here
    }
    case 'unsub':
      return { ...state, subscriptions: recordDisabled(state.subscriptions, data.stream_id) }
    default:
      return state
  }
}

/** Whether the next close of the room can change anything: the person is there, or left by an estimated close. */
export function canBeEndedByClose({ session }: ParticipantState): boolean {
  if (session === null) return false
  return session.end === null || (session.end.reason === 'room_closed' && session.end.estimated)
}

/** The room's close ends the session that is still open; a genuine close corrects an estimated one. */
export function applyRoomClose(state: ParticipantState, close: CloseMark): ParticipantState {
  const { at, estimated } = close
  if (!canBeEndedByClose(state) || (!isPresent(state) && estimated)) return state
  return withEnd(state, { at, reason: 'room_closed', estimated })
}

/** Whoever switches media on is there: an end that was only estimated gives way to that. */
function stillHere(state: ParticipantState): ParticipantState {
  return state.session?.end?.estimated ? { ...state, session: { ...state.session, end: null } } : state
}

function joined(state: ParticipantState, event: NorthboundEvent): ParticipantState {
  const estimated = event.source === 'reconcile'
  const { session } = state
  if (session === null || session.end !== null) {
    const begun: Session = {
      joined_at: event.received_at,
      start_estimated: estimated,
      endpoint_type: null,
      reconnects: 0,
      end: null,
    }
    return { ...state, session: begun, streams: [], subscriptions: [] }
  }
  // The list only confirms what is known.
  if (estimated) return state
  if (session.start_estimated)
    return {
      ...state,
      session: { ...session, joined_at: event.received_at, start_estimated: false },
    }
  return { ...state, session: { ...session, reconnects: session.reconnects + 1 } }
}

function left(state: ParticipantState, event: NorthboundEvent, reason: string): ParticipantState {
  const estimated = event.source === 'reconcile'
  const ended = state.session?.end
  // No session to end, unless a genuine leave corrects an estimated end.
  if (!isPresent(state) && (estimated || !ended?.estimated)) return state
  return withEnd(state, { at: event.received_at, reason, estimated })
}

function withEnd(state: ParticipantState, end: SessionEnd): ParticipantState {
  if (state.session === null) return state
  return { ...state, session: { ...state.session, end }, streams: [], subscriptions: [] }
}

/** Merges what an event tells about the person. */
function introduced(state: ParticipantState, data: ParticipantFacts): ParticipantState {
  const { user_name = state.user_name, endpoint_type } = data
  const named = { ...state, user_name }
  if (state.session === null || state.session.end !== null || endpoint_type === undefined) return named
  return { ...named, session: { ...state.session, endpoint_type } }
}

/** A stream that is switched on again keeps its `since` and its place. */
function switchedOn<Item extends Subscription>(items: readonly Item[], item: Item): Item[] {
  const before = items.find((other) => other.stream_id === item.stream_id)
  if (before === undefined) return [...items, item]
  return items.map((other) => (other === before ? { ...item, since: before.since } : other))
}

function recordDisabled<Item extends Subscription>(items: readonly Item[], streamId: string): readonly Item[] {
  return items.filter((item) => item.stream_id !== streamId)
}
