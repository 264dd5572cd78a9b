import { isInWindow, voidWindowOf } from '../state/fold-room.ts'
import { type Occupancy, occupancyOf } from '../state/occupancy.ts'
import { isInferredOpen, type RoomState, relevantSince, unusedRoom } from '../state/room.ts'
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
 * @param room as stored after the batch. The batch has no event of the room itself.
 */
export function checkRoom({ state, watermark }: Projection, changes: RoomChanges): RoomCheck {
  const room = state?.kind === 'room' ? state : unusedRoom
  const occupancies = changes.participants.flatMap((change) => relevantOccupancies(room, change))
  if (room.basis === undefined) return room.status === 'closed' && occupancies.length > 0 ? 'unsettled' : 'settled'
  if (changes.activity.some((activity) => mayVoidClose(room, watermark, activity))) return 'unsettled'
  if (occupancies.some(({ joined_at }) => wasClosedByEstimate(room, joined_at))) return 'unsettled'
  // A closed room should be empty, so its participants have few events.
  if (room.status === 'closed') return changes.participants.length > 0 ? 'unsettled' : 'settled'
  const { basis } = room
  const start = basis.estimated_start ?? room.opened_at ?? 0
  if (occupancies.some((occupancy) => isEarlierStart(occupancy, basis, start))) return 'unsettled'
  if (changes.participants.some((change) => hasLostStart(change, basis, start))) return 'unsettled'
  return isInferredOpen(room)
    ? checkInferredOpening(start, occupancies, changes)
    : checkConfirmedOpening(basis, start, occupancies, changes)
}

/** The sessions that the batch may have changed, of those that matter while the room is not open by an event. */
function relevantOccupancies(
  room: RoomState,
  { projection: { aggregate, state, pendingPastWrites }, sessionBefore, isDisturbed }: ParticipantChange,
): Occupancy[] {
  if (aggregate.kind !== 'participant' || state?.kind !== 'participant') return []
  const since = relevantSince(room) ?? Number.NEGATIVE_INFINITY
  const past = pendingPastWrites.flatMap(({ entry }) => (entry !== null && isPastSession(entry) ? [entry] : []))
  const sessions = state.session === null ? past : [...past, state.session]
  const isUnchanged = ({ joined_at, end }: Session) =>
    !isDisturbed && end !== null && joined_at === sessionBefore?.joined_at && end.at === sessionBefore.end?.at
  return sessions
    .filter((session) => session.joined_at > since && !isUnchanged(session))
    .map((session) => occupancyOf(aggregate.user_id, session))
}

/** Activity that is later than all events of an open room changes nothing, unless the room is open by inference only. */
function mayVoidClose(room: RoomState, watermark: string, { order, isInOrder }: ActivityChange): boolean {
  const { closes, closes_cut, opened_at } = room
  const estimated = closes.filter((close) => close.estimated)
  if (!isInOrder && estimated.some((close) => order < close.order)) return true
  const voidable = estimated.filter((close) => isInWindow(order, voidWindowOf(close)))
  if (order > watermark && room.status === 'closed') return room.closing_estimated && voidable.length > 0
  if (order > watermark) return isInferredOpen(room) && voidable.some(({ at }) => at < (opened_at ?? 0))
  const [oldest] = closes
  return voidable.length > 0 || (closes_cut && oldest !== undefined && order < voidWindowOf(oldest).before)
}

/** Whether an estimated close came after a session began: without the session, the close may have found another opening. */
function wasClosedByEstimate({ closes }: RoomState, joinedAt: number): boolean {
  return closes.some(({ at, estimated }) => estimated && joinedAt <= at)
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
