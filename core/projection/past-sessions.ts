import type { Step } from '../state/fold.ts'
import { findReplacedSessions, type PastSession, type PastSessionChange } from '../state/past-session.ts'
import { canonicalText } from './canonical-text.ts'

export type { PastSession, PastSessionChange } from '../state/past-session.ts'

/** The past sessions that remain after all steps of one participant's history, in order. */
export function collectPastSessions(steps: readonly Step[]): PastSession[] {
  const changes = mergeChanges(steps.flatMap(findPastSessionChanges))
  return changes.flatMap(({ session }) => session ?? []).sort((one, other) => one.joined_at - other.joined_at)
}

/** Of several changes of one session, the last counts. */
export function mergeChanges(changes: readonly PastSessionChange[]): PastSessionChange[] {
  return [...new Map(changes.map((change) => [change.joined_at, change])).values()]
}

/** The session that this step of a participant's history replaced with a new one, and those that it showed to be none. */
export function findPastSessionChanges({ event, before, after }: Step): PastSessionChange[] {
  if (event === undefined || before?.kind !== 'participant' || after?.kind !== 'participant') return []
  return findReplacedSessions(event, before, after)
}

/**
 * The changes that turn the stored past sessions into the correct ones.
 *
 * @param since ms: stored sessions that began earlier are older than the log, so they are kept.
 */
export function diffPastSessions(
  stored: readonly PastSession[],
  correct: readonly PastSession[],
  since: number,
): PastSessionChange[] {
  const storedByStart = new Map(stored.map((session) => [session.joined_at, session]))
  const correctByStart = new Map(correct.map((session) => [session.joined_at, session]))
  const changed = correct.filter((session) => !isSameSession(storedByStart.get(session.joined_at), session))
  const removed = stored.filter(({ joined_at }) => joined_at >= since && !correctByStart.has(joined_at))
  return [
    ...changed.map((session) => ({ joined_at: session.joined_at, session })),
    ...removed.map(({ joined_at }) => ({ joined_at, session: null })),
  ]
}

function isSameSession(one: PastSession | undefined, other: PastSession): boolean {
  return canonicalText(one) === canonicalText(other)
}
