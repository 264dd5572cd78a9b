import pMap from 'p-map'
import { findDifference, type ProjectionDifference } from '../../core/projection/find-difference.ts'
import { emptyProjection } from '../../core/projection/projection.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import { orAbort } from '../deadline.ts'
import type { RebuildDependencies } from './dependencies.ts'
import { foldFromLog } from './fold-from-log.ts'

/** A stored projection compared with the log. */
export type Comparison = {
  readonly aggregate: StatefulAggregateId
  /** Version of the stored projection, or 0. */
  readonly version: number
  /** Undefined if they agree. */
  readonly difference: ProjectionDifference | undefined
}

export type Different = Comparison & { readonly difference: ProjectionDifference }

/** Each comparison reads a whole history. */
const comparisonConcurrency = 8

export function isDifferent(comparison: Comparison): comparison is Different {
  return comparison.difference !== undefined
}

/**
 * Compares aggregates in parallel until the signal aborts or `maxDifferent` of them differ.
 *
 * @returns the comparisons of the first aggregates in the list, without gaps.
 */
export async function compareAll(
  dependencies: RebuildDependencies,
  aggregates: readonly StatefulAggregateId[],
  maxDifferent: number,
  signal: AbortSignal,
): Promise<Comparison[]> {
  let different = 0
  const comparisons = await pMap(
    aggregates,
    async (aggregate) => {
      if (signal.aborted || different >= maxDifferent) return undefined
      try {
        const comparison = await orAbort(compare(dependencies, aggregate, signal), signal)
        if (isDifferent(comparison)) different += 1
        return comparison
      } catch (error) {
        if (signal.aborted) return undefined
        throw error
      }
    },
    { concurrency: comparisonConcurrency },
  )
  const end = comparisons.indexOf(undefined)
  return comparisons.slice(0, end === -1 ? undefined : end).filter((comparison) => comparison !== undefined)
}

async function compare(
  dependencies: RebuildDependencies,
  aggregate: StatefulAggregateId,
  signal: AbortSignal,
): Promise<Comparison> {
  const [stored = emptyProjection(aggregate)] = await dependencies.store.read([aggregate], signal)
  const { folded, pastEntries } = await foldFromLog(dependencies, stored, signal)
  const difference = folded && findDifference(stored, folded, pastEntries)
  return { aggregate, version: stored.version, difference }
}
