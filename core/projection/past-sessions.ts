import { decideAlternatives, occurrenceOf } from '../state/alternatives.ts'
import { pastSessionsUndoneBy } from '../state/early-media.ts'
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
  const occurrence = occurrenceOf(event)
  const { session, user_name } = decideAlternatives(before, occurrence)
  const removed = pastSessionsUndoneBy(before, occurrence).map((joined_at) => ({ joined_at, session: null }))
  if (session === null || session.end === null || session.joined_at === after.session?.joined_at) return removed
  return [...removed, { joined_at: session.joined_at, session: { ...session, end: session.end, user_name } }]
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
