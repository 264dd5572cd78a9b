import type { NorthboundEvent } from '../protocol/events.ts'
import { type CloseMark, closesSince, type KnownCloses } from '../state/closes.ts'
import { orderKey, sortBy, timeKey } from '../state/order.ts'
import { canBeEndedByClose } from '../state/participant.ts'
import type { Projection } from './projection.ts'

/**
 * Whether closes of the room at `since` (ms) or later can concern the stored projection of a participant.
 *
 * They cannot if the last session had ended for good before them and nothing followed: such a state stays the same, and
 * the participant's next event takes the closes into account. Pending session writes are included because a previous
 * writer may have crashed before it made them.
 */
export function isCloseCandidate({ state, watermark, pendingPastWrites }: Projection, since: number): boolean {
  if (state?.kind !== 'participant') return false
  return canBeEndedByClose(state) || pendingPastWrites.length > 0 || watermark >= timeKey(since)
}

/** Whether the stored projection of a participant has yet to apply closes of its room (docs/decisions/0001). */
export function isMissingCloses(projection: Projection, closes: KnownCloses): boolean {
  if (projection.state?.kind !== 'participant' || projection.state.session === null) return false
  const missing = missingCloses(projection, closes, [])
  return missing === undefined || (missing.length > 0 && canBeEndedByClose(projection.state))
}

/** The closes to apply together with these events. Undefined if determining them requires the history. */
export function missingCloses(
  { state, seenClose, watermark }: Projection,
  known: KnownCloses,
  appended: readonly NorthboundEvent[],
): CloseMark[] | undefined {
  const participant = state?.kind === 'participant' ? state : undefined
  const since = closesSince(seenClose, known)
  if (since !== undefined && (participant?.session ?? null) !== null)
    return since.every((close) => close.order > watermark) ? since : undefined
  if (participant !== undefined && canBeEndedByClose(participant)) return undefined
  // No session is open, so only closes after the first new event matter, and these must all be known. A permanent room
  // tracks its latest closes only, and a participant who returns after a long time has seen none of them.
  const start = sortBy(appended.map(orderKey), (key) => key)[0] ?? watermark
  const oldest = known.closes[0]?.order ?? ''
  const isContinuous = seenClose === null || (known.closes_cut && seenClose.order < oldest)
  if (!isContinuous || (known.closes_cut && start < oldest && appended.length > 0)) return undefined
  return known.closes.filter((close) => close.order > start)
}
