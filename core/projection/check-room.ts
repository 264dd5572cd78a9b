import { isInWindow, startWindowOf, voidWindowOf } from '../state/fold-room.ts'
import { type Occupancy, occupancyOf } from '../state/occupancy.ts'
import { isInferredOpen, lastCloseAt, type RoomState, unusedRoom, withoutPeople } from '../state/room.ts'
import type { RoomBasis } from '../state/room-basis.ts'
import type { Session } from '../state/session.ts'
import { isPastSession } from './past-entries.ts'
import type { Projection } from './projection.ts'

/** What a batch may have changed in a room, besides the room's own projection. */
export type RoomChanges = {
  readonly participants: readonly ParticipantChange[]
  /** The events of participants and recordings for which `isActivity` holds. */
  readonly activity: readonly ActivityChange[]
}

export type ParticipantChange = {
  /** As stored after the batch. */
  readonly projection: Projection
  /** The last session before the batch; undefined if unknown. */
  readonly sessionBefore: Session | undefined
  /** Whether sessions may have changed or disappeared that the projection does not show. */
  readonly isDisturbed: boolean
  /** ms: the earliest event in the batch. It changes no session that had ended before. */
  readonly firstEventAt: number
}

export type ActivityChange = {
  readonly order: string
  /** Whether the event was new and later than all others of its stream. */
  readonly isInOrder: boolean
}

/**
 * `unsettled`: the room must be folded again. `presentSince`: it must be folded again unless a present participant joined at
 * that time (ms) or earlier.
 */
export type RoomCheck = 'settled' | 'unsettled' | { readonly presentSince: number }

/**
 * Checks whether the stored state of a room can still be the one that its participants imply (docs/decisions/0020).
 *
 * @param room as stored after the batch.
 */
export function checkRoom({ state }: Projection, changes: RoomChanges): RoomCheck {
  const room = state?.kind === 'room' ? state : unusedRoom
  if (room.is_unsettled) return 'unsettled'
  const changed = changes.participants.flatMap(changedOccupancies)
  if (room.basis === undefined) return mayImplyOpening(room, changed, changes) ? 'unsettled' : 'settled'
  if (room.if_empty !== undefined && mayChangePast(withoutPeople(room), changed, changes)) return 'unsettled'
  const since = room.basis.since ?? Number.NEGATIVE_INFINITY
  const occupancies = changed.filter(({ joined_at }) => joined_at > since)
  const { activity, participants } = changes
  if (activity.some((one) => mayVoidClose(room, one) || mayConfirmStart(room, one))) return 'unsettled'
  // A session that has outlasted an estimated close may be gone.
  if (room.closes.some(({ is_void }) => is_void) && participants.some(({ isDisturbed }) => isDisturbed))
    return 'unsettled'
  if (occupancies.some(({ joined_at }) => wasClosedByEstimate(room, joined_at))) return 'unsettled'
  // A closed room should be empty, so its participants have few events.
  if (room.status === 'closed') return participants.length > 0 ? 'unsettled' : 'settled'
  const { basis } = room
  const start = basis.estimated_start ?? room.opened_at ?? 0
  if (occupancies.some((occupancy) => isEarlierStart(occupancy, basis, start))) return 'unsettled'
  // A previous delivery may have found an earlier session, and crashed. It is no longer pending.
  if (participants.some(({ isDisturbed, firstEventAt }) => isDisturbed && firstEventAt <= start)) return 'unsettled'
  if (participants.some((change) => hasLostStart(change, basis, start))) return 'unsettled'
  return isInferredOpen(room)
    ? checkInferredOpening(start, occupancies, changes)
    : checkConfirmedOpening(basis, start, occupancies, changes)
}

/** The sessions that the batch may have changed. */
function changedOccupancies({
  projection: { aggregate, state, pendingPastWrites },
  sessionBefore,
  isDisturbed,
}: ParticipantChange): Occupancy[] {
  if (aggregate.kind !== 'participant' || state?.kind !== 'participant') return []
  const past = pendingPastWrites.flatMap(({ entry }) => (entry !== null && isPastSession(entry) ? [entry] : []))
  const sessions = state.session === null ? past : [...past, state.session]
  const isUnchanged = ({ joined_at, end }: Session) =>
    !isDisturbed && end !== null && joined_at === sessionBefore?.joined_at && end.at === sessionBefore.end?.at
  return sessions.filter((session) => !isUnchanged(session)).map((session) => occupancyOf(aggregate.user_id, session))
}

/** Whether sessions may have changed on which the state before an inferred opening depends. @param room without the opening. */
function mayChangePast(
  room: RoomState,
  changed: readonly Occupancy[],
  { participants, activity }: RoomChanges,
): boolean {
  if (activity.some((one) => mayConfirmStart(room, one))) return true
  const until = lastCloseAt(room)
  const past = changed.filter(({ joined_at }) => joined_at <= until)
  if (room.basis === undefined) return mayImplyOpening(room, past, { participants })
  return past.length > 0 || participants.some(({ isDisturbed }) => isDisturbed)
}

/** Whether sessions may show that a room without a basis was open at another time than its events say. */
function mayImplyOpening(
  room: RoomState,
  changed: readonly Occupancy[],
  { participants }: Pick<RoomChanges, 'participants'>,
): boolean {
  const { opened_at, closed_at, closes } = room
  if (opened_at === null) return changed.length > 0
  const closeBefore = closes.findLast(({ at }) => at < opened_at)?.at ?? Number.NEGATIVE_INFINITY
  const isBefore = (at: number) => at < opened_at && at > closeBefore
  const isImplied = ({ joined_at }: Occupancy) => isBefore(joined_at) || (closed_at !== null && joined_at > closed_at)
  // A previous delivery may have found a session before the opening, and crashed. It is no longer pending.
  return (
    changed.some(isImplied) ||
    participants.some(({ isDisturbed, firstEventAt }) => isDisturbed && firstEventAt < opened_at)
  )
}

/** Whether activity may show that an estimated close is void, or no longer. */
function mayVoidClose({ closes, closes_cut }: RoomState, { order, isInOrder }: ActivityChange): boolean {
  const estimated = closes.filter((close) => close.estimated)
  if (!isInOrder && estimated.some((close) => order < close.order)) return true
  const [oldest] = closes
  if (closes_cut && oldest !== undefined && order < voidWindowOf(oldest).before) return true
  return estimated.some((close) => !close.is_void && isInWindow(order, voidWindowOf(close)))
}

/** Whether activity may show that an opening had begun before its open, or no longer. */
function mayConfirmStart(
  { basis, opened_at, opening_estimated, reopened }: RoomState,
  { order, isInOrder }: ActivityChange,
): boolean {
  const { estimated_start } = basis ?? {}
  const isReplaced = estimated_start !== undefined && opened_at !== null
  if (!isInOrder) return isReplaced || (opening_estimated && reopened > 0)
  return isReplaced && isInWindow(order, startWindowOf(estimated_start, opened_at))
}

/** Whether an estimated close came after a session began: without the session, the close may have found another opening. */
function wasClosedByEstimate({ closes }: RoomState, joinedAt: number): boolean {
  return closes.some(({ at, estimated, is_void }) => estimated && !is_void && joinedAt <= at)
}

function isEarlierStart({ user_id, joined_at }: Occupancy, { first_user_id }: RoomBasis, start: number): boolean {
  if (joined_at < start) return true
  return joined_at === start && first_user_id !== undefined && user_id < first_user_id
}

/** Whether the session with which an inferred opening began may have changed. */
function hasLostStart(
  { projection: { aggregate, state }, isDisturbed }: ParticipantChange,
  { first_user_id }: RoomBasis,
  start: number,
): boolean {
  const isFirst = aggregate.kind === 'participant' && aggregate.user_id === first_user_id
  return isFirst && isDisturbed && (state?.kind !== 'participant' || state.session?.joined_at !== start)
}

/** A participant who was present without interruption connects all sessions of that time. */
function checkInferredOpening(
  start: number,
  occupancies: readonly Occupancy[],
  { participants }: RoomChanges,
): RoomCheck {
  if (participants.some(({ isDisturbed }) => isDisturbed)) return { presentSince: start }
  const ends = occupancies.flatMap(({ left_at }) => left_at ?? [])
  return ends.length === 0 ? 'settled' : { presentSince: Math.min(...ends) }
}

function checkConfirmedOpening(
  basis: RoomBasis,
  start: number,
  occupancies: readonly Occupancy[],
  { participants }: RoomChanges,
): RoomCheck {
  const { first_user_id, until = start, resumed_at = until } = basis
  // A participant was in the room while it seemed to be empty.
  const isResumedEarlier = occupancies.some(
    ({ joined_at, left_at }) => until < resumed_at && joined_at < resumed_at && (left_at === null || left_at > until),
  )
  const isDisturbed = participants.some((participant) => participant.isDisturbed)
  // The session with which the opening began may have moved; whose it was is no longer known.
  const mayHaveMoved = isDisturbed && basis.estimated_start !== undefined
  if (first_user_id === undefined) return isResumedEarlier || mayHaveMoved ? 'unsettled' : 'settled'
  const hasEnded = occupancies.some(({ left_at }) => left_at !== null && left_at <= until)
  return isDisturbed || isResumedEarlier || hasEnded ? 'unsettled' : 'settled'
}
