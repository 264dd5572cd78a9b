import { noCloses } from '../state/closes.ts'
import type { State } from '../state/fold.ts'
import { canonicalText } from './canonical-text.ts'
import type { PastSession } from './past-sessions.ts'
import { type AggregateHistory, type ProjectionRules, rebuild } from './project.ts'
import { isOutdated, type Projection } from './projection.ts'

/** What is stored about an aggregate, or what should be. */
export type ProjectionContent = {
  readonly fold_version: number
  readonly state: State | null
  /** The past sessions that differ. */
  readonly past_sessions: readonly PastSession[]
}

export type ProjectionDifference = { readonly stored: ProjectionContent; readonly folded: ProjectionContent }

/**
 * Compares a stored projection with the fold of its history.
 *
 * @param history with the past sessions as they are after the pending writes of the projection.
 * @param room the state of a room with what its participants imply.
 * @returns undefined if they agree, or if the log has no event of the aggregate any more: nothing can be said then.
 */
export function findDifference(
  stored: Projection,
  history: AggregateHistory,
  rules: ProjectionRules,
  room?: State,
): ProjectionDifference | undefined {
  if (history.events.length === 0) return undefined
  const noInput = { appended: [], unconfirmedDuplicates: [], closes: noCloses }
  const { projection } = rebuild(stored, history, noInput, rules)
  const folded = room === undefined ? projection : { ...projection, state: room }
  const storedByStart = new Map(history.pastSessions.map((session) => [session.joined_at, session]))
  // Removing a session that is not stored changes nothing.
  const changes = folded.pendingSessionWrites.filter(
    ({ joined_at, session }) => session !== null || storedByStart.has(joined_at),
  )
  const isSameState = canonicalText(stored.state ?? null) === canonicalText(folded.state ?? null)
  if (!isOutdated(stored) && changes.length === 0 && isSameState) return undefined
  return {
    stored: contentOf(
      stored,
      changes.flatMap(({ joined_at }) => storedByStart.get(joined_at) ?? []),
    ),
    folded: contentOf(
      folded,
      changes.flatMap(({ session }) => session ?? []),
    ),
  }
}

function contentOf({ foldVersion, state }: Projection, past_sessions: readonly PastSession[]): ProjectionContent {
  return { fold_version: foldVersion, state: state ?? null, past_sessions }
}
