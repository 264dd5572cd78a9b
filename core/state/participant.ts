import type { KnownEventData, NorthboundEvent } from '../protocol/events.ts'
import type { CloseMark } from './closes.ts'
import {
  effectOfLeave,
  isKickBeforeJoin,
  isOlderConnectionsLeave,
  mayContinue,
  type NewConnection,
  toleranceMs,
} from './connections.ts'
import { addStream, type Media, mediaSince, noMedia, removeStream } from './media.ts'
import type { Session, SessionEnd } from './session.ts'

export type ParticipantState = Media & {
  readonly kind: 'participant'
  readonly user_name: string | null
  /** The current session or, after a leave, the last one; null if no join is known. */
  readonly session: Session | null
  /** The newest connection of the session, if it replaced an older one. */
  readonly connection?: NewConnection
  /** Set after a leave that may turn out to be the older connection's: the media that the session then continues with. */
  readonly held?: Media
}

type ParticipantEventData = Extract<KnownEventData, { user_id: string }>
type MediaEventData = Extract<KnownEventData, { stream_id: string }>

const initialState: ParticipantState = { kind: 'participant', user_name: null, session: null, ...noMedia }

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
      return applyLeave(state, event, data)
    case 'publish': {
      const present = resumeByMedia(state, event.received_at)
      return isPresent(present) ? mergeProfile(startMedia(present, event.received_at, data), data) : present
    }
    case 'sub': {
      const present = resumeByMedia(state, event.received_at)
      return isPresent(present) ? startMedia(present, event.received_at, data) : present
    }
    case 'unpublish':
      return { ...state, streams: removeStream(state.streams, data) }
    case 'unsub':
      return { ...state, subscriptions: removeStream(state.subscriptions, data) }
    default:
      return state
  }
}

/**
 * Whether the next close of the room can change the state: the participant is present, left by an estimated close, or
 * left in a way that a later event may still void.
 */
export function canBeEndedByClose({ session, held }: ParticipantState): boolean {
  if (session === null) return false
  return session.end === null || held !== undefined || (session.end.reason === 'room_closed' && session.end.estimated)
}

/** A close of the room ends the current session. A genuine close replaces an estimated one. */
export function applyRoomClose(state: ParticipantState, close: CloseMark): ParticipantState {
  const { at, estimated } = close
  if (!canBeEndedByClose(state)) return state
  // The session cannot continue after the close, whatever media begin next.
  if (state.held !== undefined) return withoutConnection(state)
  if (!isPresent(state) && estimated) return state
  return endSession(state, { at, reason: 'room_closed', estimated })
}

/** Media prove presence: they void an estimated leave, and a leave that was the older connection's. @param at ms. */
function resumeByMedia(state: ParticipantState, at: number): ParticipantState {
  const { session, connection, held } = state
  if (session === null || session.end === null) return state
  if (held !== undefined && isOlderConnectionsLeave(connection, session.end, at)) return continueSession(state, held)
  return session.end.estimated ? continueSession(state, noMedia) : state
}

function startMedia(state: ParticipantState, since: number, data: MediaEventData): ParticipantState {
  const { stream_id, stream_type } = data
  if (data.event === 'publish') {
    const { resolution = null } = data
    return { ...state, streams: addStream(state.streams, { stream_id, stream_type, resolution, since }) }
  }
  return { ...state, subscriptions: addStream(state.subscriptions, { stream_id, stream_type, since }) }
}

function applyJoin(state: ParticipantState, { received_at: at, source }: NorthboundEvent): ParticipantState {
  const estimated = source === 'reconcile'
  const { session, held } = state
  if (session === null) return startSession(state, at, estimated)
  if (session.end !== null) {
    // The join of the newer connection may follow the kick of the older one.
    if (!estimated && held !== undefined && isKickBeforeJoin(session.end, at))
      return replaceConnection(continueSession(state, held), { at, kick_absorbed: true })
    return startSession(state, at, estimated)
  }
  // A correction only confirms a present participant.
  if (estimated) return state
  // A genuine join replaces an estimated one.
  if (session.start_estimated) return { ...state, session: { ...session, joined_at: at, start_estimated: false } }
  return replaceConnection(state, { at, kick_absorbed: false })
}

function startSession(state: ParticipantState, joined_at: number, start_estimated: boolean): ParticipantState {
  const session: Session = { joined_at, start_estimated, endpoint_type: null, reconnects: 0, end: null }
  return { ...withoutConnection(state), session, ...noMedia }
}

/** The media of the older connection end, except media that may have overtaken the join. */
function replaceConnection(state: ParticipantState, connection: NewConnection): ParticipantState {
  if (state.session === null) return state
  const session = { ...state.session, reconnects: state.session.reconnects + 1 }
  return { ...state, session, connection, ...mediaSince(state, connection.at - toleranceMs) }
}

function continueSession(state: ParticipantState, media: Media): ParticipantState {
  if (state.session === null) return state
  const { held: _, ...rest } = state
  return { ...rest, session: { ...state.session, end: null }, ...media }
}

function applyLeave(
  state: ParticipantState,
  { received_at: at, source }: NorthboundEvent,
  data: Extract<KnownEventData, { event: 'leave' }>,
): ParticipantState {
  const end = { at, reason: data.event_type, estimated: source === 'reconcile' }
  // A leave without a session changes nothing, unless it is genuine and replaces an estimated end.
  if (!isPresent(state)) return !end.estimated && state.session?.end?.estimated ? endSession(state, end) : state
  const { connection } = state
  const effect = end.estimated ? 'ends_session' : effectOfLeave(connection, end.reason, at)
  if (effect === 'ends_session') return endSession(mergeProfile(state, data), end)
  return effect === 'absorbs_kick' && connection
    ? { ...state, connection: { ...connection, kick_absorbed: true } }
    : state
}

function endSession(state: ParticipantState, end: SessionEnd): ParticipantState {
  const { session, connection, streams, subscriptions } = state
  if (session === null) return state
  const ended = { ...state, session: { ...session, end }, ...noMedia }
  return mayContinue(connection, end) ? { ...ended, held: { streams, subscriptions } } : withoutConnection(ended)
}

function withoutConnection({ connection: _connection, held: _held, ...state }: ParticipantState): ParticipantState {
  return state
}

/** Merges the profile that an event carries: the user name and, in a session, the endpoint type. */
function mergeProfile(state: ParticipantState, data: ParticipantEventData): ParticipantState {
  const { user_name = state.user_name, endpoint_type } = data
  const named = { ...state, user_name }
  if (state.session === null || state.session.end !== null || endpoint_type === undefined) return named
  return { ...named, session: { ...state.session, endpoint_type } }
}
