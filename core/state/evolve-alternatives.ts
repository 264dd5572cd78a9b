import {
  chooseAlternative,
  concernsEnd,
  findVoidEnd,
  hasOvertaken,
  type Occurrence,
  settleEnds,
  stateIfVoid,
} from './alternatives.ts'
import { applyOccurrence, undecidedEnd } from './apply-occurrence.ts'
import type { CloseMark } from './closes.ts'
import { isKickBeforeJoin } from './connections.ts'
import { addEarlyMedia, carryEarlyMedia, extendEarlyMedia } from './early-media.ts'
import type { Media } from './media.ts'
import {
  type EarlyMedia,
  isPresent,
  omitEarlyMedia,
  type ParticipantState,
  type Profile,
  type UndecidedEnd,
  withUndecidedEnds,
} from './participant-state.ts'
import { addPastSession } from './past-session.ts'
import { endSession } from './transitions.ts'

// What can still be undecided about a participant is folded both ways (docs/decisions/0018 and 0019).

/**
 * Applies an event to a state and to its alternatives.
 *
 * @param media what a publish or sub switches on.
 * @param depth number of undecided ends that must be void for the state to hold.
 */
export function evolveAlternatives(
  state: ParticipantState,
  occurrence: Occurrence,
  media: Media,
  depth = 0,
): ParticipantState {
  const before = settleEnds(state, occurrence.at)
  const alternative = chooseAlternative(before, occurrence)
  const after =
    alternative === undefined
      ? applyToAll(before, occurrence, media, depth)
      : evolveAlternatives(alternative, occurrence, media, depth)
  const { data, at, estimated } = occurrence
  if (data.event === 'join' && !estimated) return omitEarlyMedia(completeJoin(before, after, at, data))
  return withEarlyMedia(after, evolveEarlyMedia(before, occurrence, media, after, depth))
}

/** Applies an event to a state and to the states as if its undecided ends had not come. */
function applyToAll(state: ParticipantState, occurrence: Occurrence, media: Media, depth: number): ParticipantState {
  const { undecided_ends = [], ...current } = state
  const after = addPastSession(current, applyOccurrence(current, occurrence, media, depth))
  const { data, estimated } = occurrence
  // A genuine join begins a session or a connection of its own, whatever ended before.
  if (data.event === 'join' && !estimated) return after
  // Whatever voids an end voids the estimated ends after it, so these do not concern the state without it.
  if (data.event === 'leave' && estimated) return addUndecidedEnds(after, undecided_ends)
  const evolveAlternative = (undecided: UndecidedEnd) => ({
    ...undecided,
    if_void: evolveAlternatives(undecided.if_void, occurrence, media, depth + 1),
  })
  return addUndecidedEnds(after, undecided_ends.map(evolveAlternative))
}

/** Adds what came before a genuine join and belongs to it: media, or the kick of the older connection. */
function completeJoin(
  before: ParticipantState,
  after: ParticipantState,
  at: number,
  profile: Profile,
): ParticipantState {
  const { early_media, undecided_ends = [] } = before
  const hasEarlyMedia = early_media !== undefined && hasOvertaken(before, at)
  if (hasEarlyMedia && early_media.if_joined !== undefined) return addEarlyMedia(after, early_media, profile)
  if (undecided_ends.some(({ end }) => isKickBeforeJoin(end, at))) {
    if (after.connection?.at !== at) return after
    const awaiting_kick = after.connection.awaiting_kick.filter((since) => since !== at)
    return { ...after, connection: { at, awaiting_kick } }
  }
  return hasEarlyMedia ? addEarlyMedia(after, early_media, profile) : after
}

function evolveEarlyMedia(
  before: ParticipantState,
  occurrence: Occurrence,
  media: Media,
  after: ParticipantState,
  depth: number,
): EarlyMedia | undefined {
  const { data, at, estimated } = occurrence
  if (data.event === 'publish' || data.event === 'sub') return extendEarlyMedia(before, occurrence, media, after)
  if (before.early_media === undefined || !hasOvertaken(before, at)) return undefined
  const early = carryEarlyMedia(before.early_media, occurrence)
  if (early.if_joined === undefined) return early
  const if_joined = evolveAlternatives(early.if_joined, occurrence, media, depth)
  // The event shows that the participant was still in the room, so the media were not early.
  if (!estimated && isPresent(if_joined) && findVoidEnd(early.if_joined, occurrence)) return undefined
  return { ...early, if_joined }
}

/** Applies a close of the room to a state and to its alternatives. */
export function closeAlternatives(state: ParticipantState, close: CloseMark): ParticipantState {
  const after = endAtClose(state, close)
  const { early_media } = state
  if (early_media?.if_joined === undefined) return withEarlyMedia(after, early_media)
  return withEarlyMedia(after, { ...early_media, if_joined: closeAlternatives(early_media.if_joined, close) })
}

function endAtClose(state: ParticipantState, close: CloseMark): ParticipantState {
  const { undecided_ends = [], ...current } = state
  const { at, estimated } = close
  const ends = estimated
    ? undecided_ends
    : undecided_ends.map((undecided) => ({ ...undecided, if_void: closeAlternatives(undecided.if_void, close) }))
  if (isPresent(state)) {
    const end = { at, reason: 'room_closed', estimated }
    const undecided = undecidedEnd(current, end)
    const ended = addPastSession(current, endSession(current, end))
    return addUndecidedEnds(ended, undecided === undefined ? ends : [undecided, ...ends])
  }
  const replaced = ends.find(({ end }) => end.reason === 'room_closed' && concernsEnd(state, end, at))
  return replaced === undefined || estimated ? addUndecidedEnds(current, ends) : stateIfVoid(ends, replaced)
}

/** Adds ends that came before those of the state. */
function addUndecidedEnds(state: ParticipantState, older: readonly UndecidedEnd[]): ParticipantState {
  return withUndecidedEnds(state, [...(state.undecided_ends ?? []), ...older])
}

function withEarlyMedia(state: ParticipantState, early_media: EarlyMedia | undefined): ParticipantState {
  return early_media === undefined ? omitEarlyMedia(state) : { ...state, early_media }
}
