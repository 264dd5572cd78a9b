import type { NorthboundEvent } from '../protocol/events.ts'
import { decideAlternatives, occurrenceOf } from './alternatives.ts'
import { pastSessionsUndoneBy } from './early-media.ts'
import type { ParticipantState } from './participant.ts'
import type { Session, SessionEnd } from './session.ts'

/** A session followed by another session of the same participant. The participant's state no longer holds it. */
export type PastSession = Session & {
  readonly end: SessionEnd
  /** The name that the participant used in this session. */
  readonly user_name: string | null
}

/** A change of the past session that began at `joined_at` (ms). Null removes it. */
export type PastSessionChange = { readonly joined_at: number; readonly session: PastSession | null }

/** The session that an event replaced with a new one, and those that it showed to be none. */
export function findReplacedSessions(
  event: NorthboundEvent,
  before: ParticipantState,
  after: ParticipantState,
): PastSessionChange[] {
  const occurrence = occurrenceOf(event)
  const { session, user_name } = decideAlternatives(before, occurrence)
  const removed = pastSessionsUndoneBy(before, occurrence).map((joined_at) => ({ joined_at, session: null }))
  if (session === null || session.end === null || session.joined_at === after.session?.joined_at) return removed
  return [...removed, { joined_at: session.joined_at, session: { ...session, end: session.end, user_name } }]
}
