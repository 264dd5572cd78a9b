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
import { canBeVoided, isSameEnd, isSameStart } from './estimates.ts'
import { type Evidence, extendEvidence, isWithinTolerance } from './evidence.ts'
import { addMedia, type Media, mediaOf, mediaSince, noMedia, removeMedia, type StreamKey } from './media.ts'
import type { Session, SessionEnd } from './session.ts'

export type ParticipantState = Media & {
  readonly kind: 'participant'
  readonly user_name: string | null
  /** The current session or, after its end, the last one; null if the participant was never present. */
  readonly session: Session | null
} & Partial<SessionTrace>

/** What later events may still need to know about the last session. Each part is absent unless it matters. */
type SessionTrace = {
  /** The newest connection, if it replaced an older one. */
  readonly connection: NewConnection
  /** After an end that a later event may void: the media that the session then continues with. */
  readonly held: Media
  /** The media from which presence was inferred, until a join or the tolerance confirms it. */
  readonly evidence: Evidence
  /** Media right after a genuine end: they belong to a join, if one follows. */
  readonly stragglers: Media
  /** Whether no genuine event has confirmed the estimated start yet. */
  readonly unconfirmed: true
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
  const { data, received_at: at, source } = event
  switch (data.event) {
    case 'join':
      return mergeProfile(source === 'reconcile' ? applyEstimatedJoin(state, at) : applyJoin(state, at), data)
    case 'leave':
      return applyLeave(state, { at, reason: data.event_type, estimated: source === 'reconcile' }, data)
    case 'publish':
      return mergeProfileIfPresent(applyMediaStart(state, at, data), data)
    case 'sub':
      return applyMediaStart(state, at, data)
    case 'unpublish':
      return applyMediaEnd(state, at, 'streams', data)
    case 'unsub':
      return applyMediaEnd(state, at, 'subscriptions', data)
    case 'update':
      return mergeProfile(confirmPresence(voidEstimatedEnd(state, at)), data)
    default:
      return state
  }
}

/** Whether the next close of the room can change the state: the participant is present, or the end is not final. */
export function canBeEndedByClose({ session, held }: ParticipantState): boolean {
  return session !== null && (session.end === null || held !== undefined)
}

/** A close of the room ends the session. After an end, it makes the end final: the session cannot continue. */
export function applyRoomClose(state: ParticipantState, { at, estimated }: CloseMark): ParticipantState {
  const { session } = state
  if (session === null || !canBeEndedByClose(state)) return state
  const end = { at, reason: 'room_closed', estimated }
  if (session.end === null) return endSession(state, end)
  if (estimated) return state
  const replaced = session.end.reason === 'room_closed' && isSameEnd(session.end, at)
  return replaced ? endSession(continueSession(state), end) : withoutTrace(state)
}

function applyJoin(state: ParticipantState, at: number): ParticipantState {
  const { session, held, stragglers = noMedia, evidence } = state
  const start = { joined_at: at, start_estimated: false }
  if (session === null) return startSession(state, start)
  if (session.end !== null) {
    // The join of the newer connection may follow the kick of the older one.
    if (held !== undefined && isKickBeforeJoin(session.end, at)) {
      const media = addMedia(held, stragglers)
      return replaceConnection({ ...continueSession(state), ...media }, { at, kick_absorbed: true })
    }
    return startSession(state, start, mediaSince(stragglers, at - toleranceMs))
  }
  if (evidence !== undefined && isWithinTolerance(evidence.last_at, at)) {
    // The media had overtaken this join, so they prove nothing about the session before.
    if (evidence.voided !== undefined) return startSession(state, start, mediaSince(state, evidence.first_at))
    const media = addMedia(mediaSince(stragglers, evidence.first_at - toleranceMs), state)
    return replaceStart({ ...state, ...media }, at)
  }
  if (state.unconfirmed && isSameStart(session.joined_at, at)) return replaceStart(state, at)
  return replaceConnection(state, { at, kick_absorbed: false })
}

function applyEstimatedJoin(state: ParticipantState, at: number): ParticipantState {
  const { session, held } = state
  if (session !== null && session.end === null) return state
  if (session?.end && held !== undefined && isSameEnd(session.end, at)) return continueSession(state)
  return { ...startSession(state, { joined_at: at, start_estimated: true }), unconfirmed: true }
}

/** Media that begin prove presence. */
function applyMediaStart(state: ParticipantState, at: number, data: MediaEventData): ParticipantState {
  const { session, evidence } = state
  const media = mediaOf(data, at)
  if (session === null) return startByEvidence(state, at, media)
  if (session.end === null) {
    const extended = evidence && extendEvidence(evidence, at)
    const { evidence: _, ...rest } = confirm(state)
    return { ...rest, ...(extended && { evidence: extended }), ...addMedia(state, media) }
  }
  const continued = continueByMedia(state, session.end, at)
  if (continued !== undefined) return { ...continued, ...addMedia(continued, media) }
  if (session.end.estimated || at - session.end.at >= toleranceMs) return startByEvidence(state, at, media)
  return { ...state, stragglers: addMedia(state.stragglers ?? noMedia, media) }
}

/** @returns undefined if the end stands. */
function continueByMedia(state: ParticipantState, end: SessionEnd, at: number): ParticipantState | undefined {
  if (state.held === undefined) return undefined
  if (isOlderConnectionsLeave(state.connection, end, at)) return continueSession(state)
  if (!canBeVoided(end, at)) return undefined
  return { ...continueSession(state), evidence: { first_at: at, last_at: at, voided: end } }
}

function applyMediaEnd(state: ParticipantState, at: number, list: keyof Media, key: StreamKey): ParticipantState {
  const present = confirmPresence(voidEstimatedEnd(state, at))
  if (isPresent(present)) return { ...present, ...removeMedia(present, list, key) }
  return state.stragglers ? { ...state, stragglers: removeMedia(state.stragglers, list, key) } : state
}

function voidEstimatedEnd(state: ParticipantState, at: number): ParticipantState {
  const end = state.session?.end
  return end && state.held !== undefined && canBeVoided(end, at) ? continueSession(state) : state
}

/** A genuine event other than a join or new media cannot have overtaken a join, so a voided end stays void. */
function confirmPresence(state: ParticipantState): ParticipantState {
  const { evidence, ...rest } = confirm(state)
  return evidence === undefined || evidence.voided !== undefined ? rest : { ...rest, evidence }
}

/** A genuine event during the session confirms an estimated start. */
function confirm(state: ParticipantState): ParticipantState {
  if (!state.unconfirmed || !isPresent(state)) return state
  const { unconfirmed: _, ...confirmed } = state
  return confirmed
}

function applyLeave(
  state: ParticipantState,
  end: SessionEnd,
  data: Extract<KnownEventData, { event: 'leave' }>,
): ParticipantState {
  const { session, connection } = state
  if (session === null) return state
  // A leave without a session changes nothing, unless it is genuine and replaces an estimated end.
  if (session.end !== null) {
    const replaces = !end.estimated && state.held !== undefined && isSameEnd(session.end, end.at)
    return replaces ? endSession(continueSession(state), end) : state
  }
  const effect = end.estimated ? 'ends_session' : effectOfLeave(connection, end.reason, end.at)
  if (effect === 'ends_session') {
    // After a new connection the endpoint type of a leave may be the older connection's, so only the name is merged.
    const profile = connection === undefined ? data : { ...data, endpoint_type: undefined }
    return endSession(mergeProfile(state, profile), end)
  }
  return effect === 'absorbs_kick' && connection
    ? { ...state, connection: { ...connection, kick_absorbed: true } }
    : state
}

function startSession(
  state: ParticipantState,
  start: Pick<Session, 'joined_at' | 'start_estimated'>,
  { streams, subscriptions } = noMedia,
): ParticipantState {
  const session: Session = { ...start, endpoint_type: null, reconnects: 0, end: null }
  return { ...withoutTrace(state), session, streams, subscriptions }
}

function startByEvidence(state: ParticipantState, at: number, media: Media): ParticipantState {
  const { stragglers } = state
  const started = startSession(state, { joined_at: at, start_estimated: true }, media)
  return { ...started, evidence: { first_at: at, last_at: at }, ...(stragglers && { stragglers }) }
}

function replaceStart(state: ParticipantState, joined_at: number): ParticipantState {
  if (state.session === null) return state
  return { ...withoutTrace(state), session: { ...state.session, joined_at, start_estimated: false } }
}

/** The media of the older connection end, except media that may have overtaken the join. */
function replaceConnection(state: ParticipantState, connection: NewConnection): ParticipantState {
  if (state.session === null) return state
  const session = { ...state.session, reconnects: state.session.reconnects + 1 }
  return { ...withoutTrace(state), session, connection, ...mediaSince(state, connection.at - toleranceMs) }
}

function continueSession({ held = noMedia, ...state }: ParticipantState): ParticipantState {
  return state.session === null ? state : { ...state, session: { ...state.session, end: null }, ...held }
}

function endSession(state: ParticipantState, end: SessionEnd): ParticipantState {
  const { session, connection, unconfirmed, streams, subscriptions } = state
  if (session === null) return state
  const ended = { ...withoutTrace(state), session: { ...session, end }, ...noMedia }
  if (!end.estimated && !mayContinue(connection, end)) return ended
  const trace = { ...(connection && { connection }), ...(end.estimated && unconfirmed && { unconfirmed }) }
  return { ...ended, ...trace, held: { streams, subscriptions } }
}

function withoutTrace(state: ParticipantState): ParticipantState {
  const { kind, user_name, session, streams, subscriptions } = state
  return { kind, user_name, session, streams, subscriptions }
}

function mergeProfileIfPresent(state: ParticipantState, data: ParticipantEventData): ParticipantState {
  return isPresent(state) ? mergeProfile(state, data) : state
}

/** Merges the profile that an event carries: the user name and, in a session, the endpoint type. */
function mergeProfile(state: ParticipantState, data: ParticipantEventData): ParticipantState {
  const { user_name = state.user_name, endpoint_type } = data
  const named = { ...state, user_name }
  if (state.session === null || state.session.end !== null || endpoint_type === undefined) return named
  return { ...named, session: { ...state.session, endpoint_type } }
}
