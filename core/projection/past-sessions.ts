import type { Step } from '../state/fold.ts'
import type { Session, SessionEnd } from '../state/session.ts'
import { canonicalText } from './canonical-text.ts'

/** A session followed by another session of the same participant. The participant's state no longer holds it. */
export type PastSession = Session & {
  readonly end: SessionEnd
  /** The name that the participant used in this session. */
  readonly user_name: string | null
}

/** A change of the past session that began at `joined_at` (ms). Null removes it. */
export type PastSessionChange = { readonly joined_at: number; readonly session: PastSession | null }

/** Collects the sessions that these steps of one participant's history replaced with a new one, in order. */
export function collectPastSessions(steps: readonly Step[]): PastSession[] {
  return steps.flatMap((step) => findReplacedSession(step) ?? [])
}

/** The session that this step of a participant's history replaced with a new one. */
export function findReplacedSession({ before, after }: Step): PastSession | undefined {
  if (before?.kind !== 'participant' || after?.kind !== 'participant') return undefined
  const { session, user_name, evidence } = before
  // A start that is replaced, or a session that continues, leaves no past session.
  const end = session?.end ?? evidence?.voided
  if (session === null || end === undefined || session.joined_at === after.session?.joined_at) return undefined
  return { ...session, end, user_name }
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
