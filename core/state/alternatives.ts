import type { EventData, NorthboundEvent } from '../protocol/events.ts'
import { effectOfLeave, isKickBeforeJoin, isWithinTolerance } from './connections.ts'
import { canBeVoided, isSameEnd } from './estimates.ts'
import { type Media, maxStreams, maxSubscriptions, noMedia } from './media.ts'
import { isPresent, type ParticipantState, type UndecidedEnd, withUndecidedEnds } from './participant-state.ts'
import type { SessionEnd } from './session.ts'

// Some events can only be understood once a later one has come: a leave may have been the older connection's, an estimated end
// a mistake, and media may have overtaken a join. Until then, the state holds what it would be otherwise, and events are applied
// to both. The rules here say which event decides for the alternative (docs/contract.md, section 4).

/** Streams and subscriptions of all alternatives together, so that a projection always fits into an item. */
const maxAlternativeMedia = 4 * (maxStreams + maxSubscriptions)

/** An event, as it is applied to a state and its alternatives. */
export type Occurrence = {
  readonly data: EventData
  /** ms */
  readonly at: number
  readonly estimated: boolean
}

export function occurrenceOf({ data, received_at, source }: NorthboundEvent): Occurrence {
  return { data, at: received_at, estimated: source === 'reconcile' }
}

/** The alternative that the event shows to be true, or undefined. */
export function chooseAlternative(state: ParticipantState, occurrence: Occurrence): ParticipantState | undefined {
  const { data, at, estimated } = occurrence
  const if_joined = state.early_media?.if_joined
  if (data.event === 'join' && !estimated && if_joined !== undefined && hasOvertaken(state, at)) return if_joined
  const voided = findVoidEnd(state, occurrence)
  return voided && stateIfVoid(state.undecided_ends ?? [], voided)
}

/** The newest undecided end that the event shows to be void. */
export function findVoidEnd(state: ParticipantState, occurrence: Occurrence): UndecidedEnd | undefined {
  return state.undecided_ends?.find((undecided) => isVoidedBy(undecided, state, occurrence))
}

/** The state if one of the undecided ends is void. Those before it are still undecided. */
export function stateIfVoid(ends: readonly UndecidedEnd[], voided: UndecidedEnd): ParticipantState {
  const { if_void } = voided
  return withUndecidedEnds(if_void, [...(if_void.undecided_ends ?? []), ...ends.slice(ends.indexOf(voided) + 1)])
}

/** The state to which the event applies, after it has decided what was undecided. */
export function decideAlternatives(state: ParticipantState, occurrence: Occurrence): ParticipantState {
  const alternative = chooseAlternative(state, occurrence)
  return alternative === undefined ? state : decideAlternatives(alternative, occurrence)
}

/** The state without the ends that events at `at` (ms) and later can no longer void. */
export function settleEnds(state: ParticipantState, at: number): ParticipantState {
  const { undecided_ends } = state
  if (undecided_ends === undefined) return state
  const open = undecided_ends.filter(
    ({ end }) => canBeVoided(end, at) || (!end.estimated && isWithinTolerance(end.at, at)),
  )
  return open.length === undecided_ends.length ? state : withUndecidedEnds(state, open)
}

/** Drops all alternatives if they have too many media, and the past sessions that no alternative can change any more. */
export function limitAlternatives(state: ParticipantState): ParticipantState {
  const { undecided_ends, early_media, past_sessions, ...final } = state
  if (countAlternativeMedia(state) > maxAlternativeMedia) return final
  if (undecided_ends !== undefined || early_media?.if_joined !== undefined) return state
  return early_media === undefined ? final : { ...final, early_media }
}

function countAlternativeMedia({ undecided_ends = [], early_media }: ParticipantState): number {
  const alternatives = [
    ...undecided_ends.map(({ if_void }) => if_void),
    ...(early_media?.if_joined ? [early_media.if_joined] : []),
  ]
  return alternatives.reduce(
    (sum, alternative) => sum + countMedia(alternative) + countAlternativeMedia(alternative),
    countMedia(early_media?.media ?? noMedia),
  )
}

function countMedia({ streams, subscriptions }: Media): number {
  return streams.length + subscriptions.length
}

/** Whether the early media have overtaken a join at `at` (ms). */
export function hasOvertaken({ early_media }: ParticipantState, at: number): boolean {
  return early_media !== undefined && isWithinTolerance(early_media.last_at, at)
}

/** Whether a genuine end, or an estimated return, at `at` (ms) concerns the session that this end has ended. */
export function concernsEnd({ session }: ParticipantState, end: SessionEnd, at: number): boolean {
  return session?.end?.at === end.at && session.end.reason === end.reason && isSameEnd(end, at)
}

function isVoidedBy(
  { end, after_connection, if_void }: UndecidedEnd,
  state: ParticipantState,
  { data, at, estimated }: Occurrence,
): boolean {
  switch (data.event) {
    case 'join':
      return estimated ? concernsEnd(state, end, at) && isPresent(if_void) : isKickBeforeJoin(end, at)
    case 'publish':
    case 'sub':
      return canBeVoided(end, at) || (after_connection === true && isWithinTolerance(end.at, at))
    case 'unpublish':
    case 'unsub':
    case 'update':
      return canBeVoided(end, at)
    case 'leave':
      // The leave replaces the estimated end, unless it is an older connection's.
      return !estimated && concernsEnd(state, end, at) && endsSession(if_void, data.event_type, at)
    default:
      return false
  }
}

function endsSession(state: ParticipantState, reason: string, at: number): boolean {
  return !isPresent(state) || effectOfLeave(state.connection, reason, at) === 'ends_session'
}
