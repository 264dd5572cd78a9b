import type { NorthboundEvent } from '../protocol/events.ts'
import {
  chooseAlternative,
  decideAlternatives,
  hasOvertaken,
  type Occurrence,
  occurrenceOf,
  settleEnd,
} from './alternatives.ts'
import { applyOccurrence, undecidedEnd } from './apply-occurrence.ts'
import type { CloseMark } from './closes.ts'
import { isKickBeforeJoin } from './connections.ts'
import { addEarlyMedia, addPastSession, carryEarlyMedia, extendEarlyMedia } from './early-media.ts'
import { addEndedMedia, addOffs, isOvertaken, type MediaOff, recentOffs } from './early-offs.ts'
import { isSameEnd } from './estimates.ts'
import { type Media, mediaOf, noMedia } from './media.ts'
import {
  type EarlyMedia,
  initialState,
  isPresent,
  omitEarlyMedia,
  type ParticipantState,
  type Profile,
} from './participant-state.ts'
import { endSession } from './transitions.ts'

export { isPresent, type ParticipantState } from './participant-state.ts'

/**
 * Applies an event to a participant, its streams and its subscriptions (docs/contract.md, section 4).
 * Events and closes of the room must come in order.
 */
export function evolveParticipant(state: ParticipantState = initialState, event: NorthboundEvent): ParticipantState {
  const { recent_offs, ...before } = state
  const occurrence = occurrenceOf(event)
  const { data, at } = occurrence
  const offs = recentOffs(recent_offs, at)
  const switchesOn = (data.event === 'publish' || data.event === 'sub') && !isOvertaken(offs, data)
  const after = evolve(before, occurrence, switchesOn ? mediaOf(data, at) : noMedia)
  return withOffs(after, addOffs(offs, occurrence, lastMedia(decideAlternatives(before, occurrence)), lastMedia(after)))
}

/** Whether the next close of the room can change the state: the participant is present, or may turn out to be. */
export function canBeEndedByClose({ session, undecided_end, early_media }: ParticipantState): boolean {
  if (session !== null && (session.end === null || undecided_end !== undefined)) return true
  return early_media?.if_joined !== undefined && canBeEndedByClose(early_media.if_joined)
}

/** A close of the room ends the session, or the session that continues if an end turns out to be void. */
export function applyRoomClose(state: ParticipantState, close: CloseMark): ParticipantState {
  if (!canBeEndedByClose(state)) return state
  const { recent_offs, ...before } = state
  const after = closeRoom(before, close)
  return withOffs(
    after,
    addEndedMedia(recentOffs(recent_offs, close.at), close.at, lastMedia(before), lastMedia(after)),
  )
}

/** @param depth number of undecided ends that must be void for the state to hold. */
function evolve(state: ParticipantState, occurrence: Occurrence, media: Media, depth = 0): ParticipantState {
  const before = settleEnd(state, occurrence.at)
  const alternative = chooseAlternative(before, occurrence)
  const after =
    alternative === undefined
      ? applyToBoth(before, occurrence, media, depth)
      : evolve(alternative, occurrence, media, depth)
  const { data, at, estimated } = occurrence
  if (data.event === 'join' && !estimated) return omitEarlyMedia(completeJoin(before, after, at, data))
  return withEarlyMedia(after, evolveEarlyMedia(before, occurrence, media, after, depth))
}

/** Applies an event to a state and, if its end is undecided, to the state as if the end had not come. */
function applyToBoth(state: ParticipantState, occurrence: Occurrence, media: Media, depth: number): ParticipantState {
  const after = applyOccurrence(state, occurrence, media, depth)
  // An estimated event changes nothing for a participant who is not in the room and does not return.
  if (after.undecided_end === undefined || state.undecided_end === undefined || occurrence.estimated) return after
  const if_void = evolve(state.undecided_end.if_void, occurrence, media, depth + 1)
  return { ...after, undecided_end: { ...state.undecided_end, if_void } }
}

/** Adds what came before a genuine join and belongs to it: media, or the kick of the older connection. */
function completeJoin(
  before: ParticipantState,
  after: ParticipantState,
  at: number,
  profile: Profile,
): ParticipantState {
  const { early_media, undecided_end } = before
  const hasEarlyMedia = early_media !== undefined && hasOvertaken(before, at)
  if (hasEarlyMedia && early_media.if_joined !== undefined) return addEarlyMedia(after, early_media, profile)
  if (undecided_end !== undefined && isKickBeforeJoin(undecided_end.end, at)) {
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
    const extended = extendEarlyMedia(before, occurrence, media, after)
    return extended && addPastSession(extended, before, occurrence, after)
  }
  if (before.early_media === undefined || !hasOvertaken(before, at)) return undefined
  const early = addPastSession(carryEarlyMedia(before.early_media, occurrence), before, occurrence, after)
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
  const { at, estimated } = close
  if (isPresent(state)) {
    const end = { at, reason: 'room_closed', estimated }
    const undecided_end = undecidedEnd(state, end)
    return { ...endSession(state, end), ...(undecided_end && { undecided_end }) }
  }
  const { undecided_end } = state
  if (undecided_end === undefined || estimated) return state
  const if_void = closeRoom(undecided_end.if_void, close)
  const isReplaced = undecided_end.end.reason === 'room_closed' && isSameEnd(undecided_end.end, at)
  return isReplaced ? if_void : { ...state, undecided_end: { ...undecided_end, if_void } }
}

/** The media of the session or, if its end is undecided, those that it may still have. */
function lastMedia(state: ParticipantState): Media {
  return state.undecided_end === undefined ? state : lastMedia(state.undecided_end.if_void)
}

function withEarlyMedia(state: ParticipantState, early_media: EarlyMedia | undefined): ParticipantState {
  return early_media === undefined ? omitEarlyMedia(state) : { ...state, early_media }
}

function withOffs(state: ParticipantState, offs: readonly MediaOff[]): ParticipantState {
  return offs.length === 0 ? state : { ...state, recent_offs: offs }
}
