import { canonicalText } from '../../core/projection/canonical-text.ts'
import { streamOf } from '../../core/state/aggregate.ts'
import { orAbort } from '../deadline.ts'
import { settleMs } from './budgets.ts'
import { compareAll, type Different, isDifferent } from './compare.ts'
import type { RebuildDependencies } from './dependencies.ts'

export type ConfirmResult = {
  readonly confirmed: readonly Different[]
  /** Number of aggregates that changed with every look, so that nothing can be said. */
  readonly unsettled: number
}

const maxRounds = 3

/**
 * Distinguishes real differences from traffic: an event is logged before its projection is written. A difference is real if
 * some time later the projection still has the same version and the log still folds into the same state. A projection of
 * another fold version is different in any case.
 */
export async function confirm(
  dependencies: RebuildDependencies,
  found: readonly Different[],
  signal: AbortSignal,
): Promise<ConfirmResult> {
  const confirmed = found.filter(hasOtherFoldVersion)
  let pending = found.filter((one) => !hasOtherFoldVersion(one))
  try {
    for (let round = 0; round < maxRounds && pending.length > 0; round++) {
      await orAbort(dependencies.wait(settleMs), signal)
      const aggregates = pending.map(({ aggregate }) => aggregate)
      const before = pending
      const comparisons = await compareAll(dependencies, aggregates, Number.POSITIVE_INFINITY, signal)
      const isSettled = (one: Different) => before.some((other) => isUnchanged(one, other))
      const different = comparisons.filter(isDifferent)
      confirmed.push(...different.filter(isSettled))
      // Without time for all of them, the rest stays unsettled.
      pending = [...different.filter((one) => !isSettled(one)), ...before.slice(comparisons.length)]
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return { confirmed, unsettled: pending.length }
}

function hasOtherFoldVersion({ difference: { stored, folded } }: Different): boolean {
  return stored.fold_version !== folded.fold_version
}

function isUnchanged(one: Different, other: Different): boolean {
  return (
    streamOf(one.aggregate) === streamOf(other.aggregate) &&
    one.version === other.version &&
    canonicalText(one.difference.folded) === canonicalText(other.difference.folded)
  )
}
