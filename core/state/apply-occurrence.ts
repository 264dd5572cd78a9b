import type { KnownEventData } from '../protocol/events.ts'
import type { Occurrence } from './alternatives.ts'
import { absorbKick, effectOfLeave, isKickBeforeJoin, isRightAfterConnection, toleranceMs } from './connections.ts'
import { isSameStart } from './estimates.ts'
import { addMedia, type Media, removeMedia } from './media.ts'
import {
  isPresent,
  mergeProfile,
  omitEarlyMedia,
  type ParticipantState,
  type UndecidedEnd,
  withUndecidedEnds,
} from './participant-state.ts'
import type { SessionEnd } from './session.ts'
import {
  canReplaceStart,
  confirm,
  endSession,
  omitConfirmation,
  replaceConnection,
  replaceStart,
  startSession,
} from './transitions.ts'

type LeaveData = Extract<KnownEventData, { event: 'leave' }>

/** Undecided ends that must all be void for a state to hold. A further one is taken to be the older connection's. */
const maxVoidEnds = 2

/**
 * Applies an event to one state (docs/contract.md, section 4). If the event ends the session, its end may be undecided.
 *
 * @param state without undecided ends.
 * @param media what a publish or sub switches on.
 * @param depth number of undecided ends that must be void for this state to hold.
 */
export function applyOccurrence(
  state: ParticipantState,
  { data, at, estimated }: Occurrence,
  media: Media,
  depth: number,
): ParticipantState {
  switch (data.event) {
    case 'join':
      if (!estimated) return mergeProfile(applyJoin(state, at), data)
      return isPresent(state) ? state : mergeProfile(startEstimated(state, at), data)
    case 'leave':
      return applyLeave(state, { at, reason: data.event_type, estimated }, data, depth)
    case 'publish': {
      const next = applyMediaStart(state, at, media)
      return isPresent(next) ? mergeProfile(next, data) : next
    }
    case 'sub':
      return applyMediaStart(state, at, media)
    case 'unpublish':
      return isPresent(state) ? { ...confirm(state, at), ...removeMedia(state, 'streams', data) } : state
    case 'unsub':
      return isPresent(state) ? { ...confirm(state, at), ...removeMedia(state, 'subscriptions', data) } : state
    case 'update':
      return mergeProfile(confirm(state, at), data)
    default:
      return state
  }
}

/** An end that a later event may void. Undefined if the end is final. @param state without undecided ends. */
export function undecidedEnd(state: ParticipantState, end: SessionEnd): UndecidedEnd | undefined {
  // If the early media belong to a join, the end that came after them did not concern their session.
  const ended = state.early_media?.if_joined === undefined ? state : omitEarlyMedia(state)
  if (end.estimated) return { end, if_void: ended }
  if (end.reason === 'room_closed') return undefined
  const if_void = omitConfirmation(ended)
  if (isRightAfterConnection(state.connection, end.at)) return { end, after_connection: true, if_void }
  return isKickBeforeJoin(end, end.at) ? { end, if_void } : undefined
}

function applyJoin(state: ParticipantState, at: number): ParticipantState {
  const { session } = state
  if (session === null || !isPresent(state)) return startSession(state, { joined_at: at, start_estimated: false })
  return canReplaceStart(state, at) && isSameStart(session.joined_at, at)
    ? replaceStart(state, at)
    : replaceConnection(state, at)
}

function startEstimated(state: ParticipantState, at: number): ParticipantState {
  return { ...startSession(state, { joined_at: at, start_estimated: true }), unconfirmed: true }
}

/** Media that begin prove presence, unless they come right after a genuine end. */
function applyMediaStart(state: ParticipantState, at: number, media: Media): ParticipantState {
  if (isPresent(state)) return { ...confirm(state, at), ...addMedia(state, media) }
  const end = state.session?.end
  if (end && !end.estimated && at - end.at < toleranceMs) return state
  return { ...startSession(state, { joined_at: at, start_estimated: true }), ...media }
}

function applyLeave(state: ParticipantState, end: SessionEnd, data: LeaveData, depth: number): ParticipantState {
  if (!isPresent(state)) return state
  const { connection } = state
  const effect = end.estimated ? 'ends_session' : effectOfLeave(connection, end.reason, end.at)
  if (effect === 'absorbs_kick' && connection) return { ...state, connection: absorbKick(connection, end.at) }
  if (effect !== 'ends_session') return state
  const undecided = undecidedEnd(state, end)
  if (undecided !== undefined && depth >= maxVoidEnds) return state
  // After a new connection the endpoint type of a leave may be the older connection's, so only the name is merged.
  const profile = connection === undefined ? data : { ...data, endpoint_type: undefined }
  const ended = endSession(mergeProfile(state, profile), end)
  return undecided === undefined ? ended : withUndecidedEnds(ended, [undecided])
}
