import type { NorthboundEvent } from '../protocol/events.ts'
import {
  decideAlternatives,
  hasOvertaken,
  limitAlternatives,
  type Occurrence,
  occurrenceOf,
  settleEnds,
} from './alternatives.ts'
import type { CloseMark } from './closes.ts'
import { addEndedMedia, addOffs, ageMemory, isOvertaken, type OffMemory } from './early-offs.ts'
import { closeAlternatives, evolveAlternatives } from './evolve-alternatives.ts'
import { mediaOf, noMedia } from './media.ts'
import { initialState, isPresent, type ParticipantState } from './participant-state.ts'

export { isPresent, type ParticipantState } from './participant-state.ts'

/**
 * Applies an event to a participant, its streams and its subscriptions (docs/contract.md, section 4).
 * Events and closes of the room must come in order.
 */
export function evolveParticipant(state: ParticipantState = initialState, event: NorthboundEvent): ParticipantState {
  const occurrence = occurrenceOf(event)
  const { data, at, estimated } = occurrence
  // A correction by a sweep brings back an absent person or ends the session of a present one.
  if (estimated && data.event !== (isPresent(state) ? 'leave' : 'join')) return state
  const { before, memory } = recall(state, at)
  const switchesOn = (data.event === 'publish' || data.event === 'sub') && !isOvertaken(memory, data)
  const after = limitAlternatives(evolveAlternatives(before, occurrence, switchesOn ? mediaOf(data, at) : noMedia))
  const decided = decideAlternatives(before, occurrence)
  const recent_offs = addOffs(
    memory,
    { data, at: offTime(occurrence, decided, after) },
    {
      before: oldestAlternative(decided),
      early: (hasOvertaken(decided, at) && decided.early_media?.media) || noMedia,
      after: oldestAlternative(after),
    },
  )
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
  const after = limitAlternatives(closeAlternatives(before, close))
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

/** When what goes off went off: a `join` that begins a session makes an estimated end before it final. */
function offTime({ data, at }: Occurrence, before: ParticipantState, after: ParticipantState): number {
  const isSameSession = oldestAlternative(after).session?.joined_at === before.session?.joined_at
  return data.event === 'join' && !isSameSession ? (before.session?.end?.at ?? at) : at
}

/** The state if all undecided ends are void, with the media that the participant may still have. */
function oldestAlternative(state: ParticipantState): ParticipantState {
  const oldest = state.undecided_ends?.at(-1)
  return oldest === undefined ? state : oldestAlternative(oldest.if_void)
}
