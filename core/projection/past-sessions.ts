import type { Step } from '../state/fold.ts'
import { findReplacedSessions, type PastSessionChange } from '../state/past-session.ts'

/** The session that this step of a participant's history replaced with a new one, and those that it showed to be none. */
export function findPastSessionChanges({ event, before, after }: Step): PastSessionChange[] {
  if (event === undefined || before?.kind !== 'participant' || after?.kind !== 'participant') return []
  return findReplacedSessions(event, before, after)
}
