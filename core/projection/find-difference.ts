import { noCloses } from '../state/closes.ts'
import type { State } from '../state/fold.ts'
import { canonicalText } from './canonical-text.ts'
import { type PastEntry, pastEntryKey } from './past-entries.ts'
import { type AggregateHistory, type ProjectionRules, rebuild } from './project.ts'
import { isOutdated, type Projection } from './projection.ts'

/** What is stored about an aggregate, or what should be. */
export type ProjectionContent = {
  readonly fold_version: number
  readonly state: State | null
  /** The past sessions or recordings that differ. */
  readonly past_entries: readonly PastEntry[]
}

export type ProjectionDifference = { readonly stored: ProjectionContent; readonly folded: ProjectionContent }

/**
 * Folds a projection again, as a rebuild does that no event caused.
 *
 * @returns undefined if the log has no event of the aggregate any more: nothing can be said then.
 */
export function foldHistory(
  stored: Projection,
  history: AggregateHistory,
  rules: ProjectionRules,
): Projection | undefined {
  if (history.events.length === 0) return undefined
  return rebuild(stored, history, { appended: [], unconfirmedDuplicates: [], closes: noCloses }, rules).projection
}

/**
 * Compares a stored projection with the folded one.
 *
 * @param pastEntries as stored, after the pending writes of the stored projection.
 * @returns undefined if they agree.
 */
export function findDifference(
  stored: Projection,
  folded: Projection,
  pastEntries: readonly PastEntry[],
): ProjectionDifference | undefined {
  const storedByKey = new Map(pastEntries.map((entry) => [pastEntryKey(entry), entry]))
  // Removing an entry that is not stored changes nothing.
  const changes = folded.pendingPastWrites.filter(({ key, entry }) => entry !== null || storedByKey.has(key))
  const isSameState = canonicalText(stored.state ?? null) === canonicalText(folded.state ?? null)
  if (!isOutdated(stored) && changes.length === 0 && isSameState) return undefined
  return {
    stored: contentOf(
      stored,
      changes.flatMap(({ key }) => storedByKey.get(key) ?? []),
    ),
    folded: contentOf(
      folded,
      changes.flatMap(({ entry }) => entry ?? []),
    ),
  }
}

function contentOf({ foldVersion, state }: Projection, past_entries: readonly PastEntry[]): ProjectionContent {
  return { fold_version: foldVersion, state: state ?? null, past_entries }
}
