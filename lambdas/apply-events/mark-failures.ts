import { MetricUnit } from '@aws-lambda-powertools/metrics'
import pMap from 'p-map'
import { type AggregateId, streamOf } from '../../core/state/aggregate.ts'
import * as metricNames from '../../names/metrics.ts'
import { asError } from '../as-error.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { describeAggregate } from '../describe-aggregate.ts'
import { markBudgetMs } from './budgets.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import { projectionConcurrency } from './update-projection.ts'

/**
 * Marks the projections that messages failed to update at their last receive: the messages become dead letters, and their
 * events may be in the log already. The next update of a marked projection folds it again (docs/decisions/0026).
 *
 * Never throws: the caller has nothing else to do about these messages.
 */
export async function markFailures(
  dependencies: ApplyEventsDependencies,
  aggregates: readonly AggregateId[],
  deadline: Deadline,
): Promise<void> {
  const streams = new Map(aggregates.map((aggregate) => [streamOf(aggregate), aggregate]))
  await withBudget(markBudgetMs(deadline), 'no time was left to mark the projection', (signal) =>
    pMap(streams.values(), (aggregate) => mark(dependencies, aggregate, signal), {
      concurrency: projectionConcurrency,
    }),
  )
}

async function mark(
  { store, now, logger, metrics }: ApplyEventsDependencies,
  aggregate: AggregateId,
  signal: AbortSignal,
): Promise<void> {
  if (aggregate.kind === 'other') return
  const stream = describeAggregate(aggregate)
  try {
    await orAbort(store.markOutdated(aggregate, now(), signal), signal)
    logger.warn('projection marked for a rebuild', { stream })
  } catch (error) {
    metrics.addMetric(metricNames.marksFailed, MetricUnit.Count, 1)
    logger.error('projection not marked; only the function "rebuild" finds it', { stream, error: asError(error) })
  }
}
