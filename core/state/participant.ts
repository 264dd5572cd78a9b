import type { NorthboundEvent } from '../protocol/events.ts'
import {
  chooseAlternative,
  concernsEnd,
  decideAlternatives,
  hasOvertaken,
  limitAlternatives,
  type Occurrence,
  occurrenceOf,
  settleEnds,
  stateIfVoid,
} from './alternatives.ts'
import { applyOccurrence, undecidedEnd } from './apply-occurrence.ts'
import type { CloseMark } from './closes.ts'
import { isKickBeforeJoin } from './connections.ts'
import { addEarlyMedia, carryEarlyMedia, extendEarlyMedia } from './early-media.ts'
import { addEndedMedia, addOffs, ageMemory, isOvertaken, type OffMemory } from './early-offs.ts'
import { type Media, mediaOf, noMedia } from './media.ts'
import {
  type EarlyMedia,
  initialState,
  isPresent,
  omitEarlyMedia,
  type ParticipantState,
  type Profile,
  type UndecidedEnd,
  withUndecidedEnds,
} from './participant-state.ts'
import { addPastSession } from './past-session.ts'
import { endSession } from './transitions.ts'

export { isPresent, type ParticipantState } from './participant-state.ts'

/**
 * Applies an event to a participant, its streams and its subscriptions (docs/contract.md, section 4).
 * Events and closes of the room must come in order.
 */
export function evolveParticipant(state: ParticipantState = initialState, event: NorthboundEvent): ParticipantState {
  const occurrence = occurrenceOf(event)
  const { data, at, estimated } = occurrence
  // A correction by a sweep brings back somebody who is absent or ends the session of somebody who is present.
  if (estimated && data.event !== (isPresent(state) ? 'leave' : 'join')) return state
  const { before, memory } = recall(state, at)
  const switchesOn = (data.event === 'publish' || data.event === 'sub') && !isOvertaken(memory, data)
  const after = limitAlternatives(evolve(before, occurrence, switchesOn ? mediaOf(data, at) : noMedia))
  const decided = decideAlternatives(before, occurrence)
  const recent_offs = addOffs(memory, occurrence, {
    before: oldestAlternative(decided),
    early: decided.early_media?.media ?? noMedia,
    after: oldestAlternative(after),
  })
  return remember(before, after, { ...memory, recent_offs })
}

/** Whether the next close of the room can change the state: the participant is present, or may turn out to be. */
export function canBeEndedByClose({ session, undecided_ends, early_media }: ParticipantState): boolean {
  if (session !== null && (session.end === null || undecided_ends !== undefined)) return true
  return early_media?.if_joined !== undefined && canBeEndedByClose(early_media.if_joined)
}

/** A close of the room ends the session, or the session that continues if an end turns out to be void. */
export function applyRoomClose(state: ParticipantState, close: CloseMark): ParticipantState {
  if (!canBeEndedByClose(state)) return state
  const { at } = close
  const { before, memory } = recall(state, at)
  const after = limitAlternatives(closeRoom(before, close))
  const recent_offs = addEndedMedia(memory.recent_offs, at, oldestAlternative(before), oldestAlternative(after))
  return remember(before, after, { ...memory, recent_offs })
}

/** A state at `at` (ms), and what is remembered about its media. */
function recall({ recent_offs = [], been_on = [], ...stored }: ParticipantState, at: number) {
  const before = settleEnds(stored, at)
  const ofSession = continuesSession(stored, before) ? been_on : []
  const memory = ageMemory({ recent_offs, been_on: ofSession }, oldestAlternative(before).session, at)
  return { before, memory }
}

function remember(before: ParticipantState, after: ParticipantState, memory: OffMemory): ParticipantState {
  const { recent_offs } = memory
  const been_on = continuesSession(before, after) ? memory.been_on : []
  return {
    ...after,
    ...(recent_offs.length > 0 && { recent_offs }),
    ...(been_on.length > 0 && { been_on }),
  }
}

/** Whether the participant is still in the same session, or may turn out to be. */
function continuesSession(before: ParticipantState, after: ParticipantState): boolean {
  const alternative = oldestAlternative(after)
  return isPresent(alternative) && alternative.session?.joined_at === oldestAlternative(before).session?.joined_at
}

/** @param depth number of undecided ends that must be void for the state to hold. */
function evolve(state: ParticipantState, occurrence: Occurrence, media: Media, depth = 0): ParticipantState {
  const before = settleEnds(state, occurrence.at)
  const alternative = chooseAlternative(before, occurrence)
  const after =
    alternative === undefined
      ? applyToAll(before, occurrence, media, depth)
      : evolve(alternative, occurrence, media, depth)
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
    if_void: evolve(undecided.if_void, occurrence, media, depth + 1),
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
  const { data, at } = occurrence
  if (data.event === 'publish' || data.event === 'sub') {
    return extendEarlyMedia(before, occurrence, media, after)
  }
  if (before.early_media === undefined || !hasOvertaken(before, at)) return undefined
  const early = carryEarlyMedia(before.early_media, occurrence)
  return early.if_joined === undefined
    ? early
    : { ...early, if_joined: evolve(early.if_joined, occurrence, media, depth) }
}

function closeRoom(state: ParticipantState, close: CloseMark): ParticipantState {
  const after = endAtClose(state, close)
  const { early_media } = state
  if (early_media?.if_joined === undefined) return withEarlyMedia(after, early_media)
  return withEarlyMedia(after, { ...early_media, if_joined: closeRoom(early_media.if_joined, close) })
}

function endAtClose(state: ParticipantState, close: CloseMark): ParticipantState {
  const { undecided_ends = [], ...current } = state
  const { at, estimated } = close
  const ends = estimated
    ? undecided_ends
    : undecided_ends.map((undecided) => ({ ...undecided, if_void: closeRoom(undecided.if_void, close) }))
  if (isPresent(state)) {
    const end = { at, reason: 'room_closed', estimated }
    const undecided = undecidedEnd(current, end)
    const ended = addPastSession(current, endSession(current, end))
    return addUndecidedEnds(ended, undecided === undefined ? ends : [undecided, ...ends])
  }
  const replaced = ends.find(({ end }) => end.reason === 'room_closed' && concernsEnd(state, end, at))
  return replaced === undefined || estimated ? addUndecidedEnds(current, ends) : stateIfVoid(ends, replaced)
}

/** The state if all undecided ends are void, with the media that the participant may still have. */
function oldestAlternative(state: ParticipantState): ParticipantState {
  const oldest = state.undecided_ends?.at(-1)
  return oldest === undefined ? state : oldestAlternative(oldest.if_void)
}

/** Adds ends that came before those of the state. */
function addUndecidedEnds(state: ParticipantState, older: readonly UndecidedEnd[]): ParticipantState {
  return withUndecidedEnds(state, [...(state.undecided_ends ?? []), ...older])
}

function withEarlyMedia(state: ParticipantState, early_media: EarlyMedia | undefined): ParticipantState {
  return early_media === undefined ? omitEarlyMedia(state) : { ...state, early_media }
}
