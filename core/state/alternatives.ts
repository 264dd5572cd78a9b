import type { EventData, NorthboundEvent } from '../protocol/events.ts'
import { effectOfLeave, isKickBeforeJoin, isWithinTolerance } from './connections.ts'
import { canBeVoided, isSameEnd } from './estimates.ts'
import { isPresent, omitUndecidedEnd, type ParticipantState, type UndecidedEnd } from './participant-state.ts'

// Some events can only be understood once a later one has come: a leave may have been the older connection's, an estimated end
// a mistake, and media may have overtaken a join. Until then, the state holds what it would be otherwise, and events are applied
// to both. The rules here say which event decides for the alternative (docs/contract.md, section 4).

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

/** The alternative that the event shows to be true; undefined if there is none. */
export function chooseAlternative(state: ParticipantState, occurrence: Occurrence): ParticipantState | undefined {
  const { data, at, estimated } = occurrence
  const if_joined = state.early_media?.if_joined
  if (data.event === 'join' && !estimated && if_joined !== undefined && hasOvertaken(state, at)) return if_joined
  const undecided = state.undecided_end
  return undecided !== undefined && isVoidedBy(undecided, occurrence) ? undecided.if_void : undefined
}

/** The state to which the event applies, after it has decided what was undecided. */
export function decideAlternatives(state: ParticipantState, occurrence: Occurrence): ParticipantState {
  const alternative = chooseAlternative(state, occurrence)
  return alternative === undefined ? state : decideAlternatives(alternative, occurrence)
}

/** The state without an end that events at `at` (ms) and later can no longer void. */
export function settleEnd(state: ParticipantState, at: number): ParticipantState {
  if (state.undecided_end === undefined) return state
  const { end } = state.undecided_end
  return canBeVoided(end, at) || (!end.estimated && isWithinTolerance(end.at, at)) ? state : omitUndecidedEnd(state)
}

/** Whether the early media have overtaken a join at `at` (ms). */
export function hasOvertaken({ early_media }: ParticipantState, at: number): boolean {
  return early_media !== undefined && isWithinTolerance(early_media.last_at, at)
}

function isVoidedBy({ end, after_connection, if_void }: UndecidedEnd, { data, at, estimated }: Occurrence): boolean {
  switch (data.event) {
    case 'join':
      return estimated ? isSameEnd(end, at) && isPresent(if_void) : isKickBeforeJoin(end, at)
    case 'publish':
    case 'sub':
      return canBeVoided(end, at) || (after_connection === true && isWithinTolerance(end.at, at))
    case 'unpublish':
    case 'unsub':
    case 'update':
      return canBeVoided(end, at)
    case 'leave':
      // The leave replaces the estimated end, unless it is an older connection's.
      return !estimated && isSameEnd(end, at) && endsSession(if_void, data.event_type, at)
    default:
      return false
  }
}

function endsSession(state: ParticipantState, reason: string, at: number): boolean {
  return !isPresent(state) || effectOfLeave(state.connection, reason, at) === 'ends_session'
}
