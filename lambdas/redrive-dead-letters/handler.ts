import { MetricUnit } from '@aws-lambda-powertools/metrics'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { decideRedrive, type RedriveDecision } from '../../core/retries/recovery.ts'
import * as metricNames from '../../names/metrics.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { decideBudgetMs, receiveBudgetMs, redriveBudgetMs, releaseBudgetMs } from './budgets.ts'
import type { RedriveDependencies } from './dependencies.ts'
import { maxRedrivenLetters, redrive } from './redrive.ts'

export type RedriveResponse = {
  /** `none`: there are no dead letters. */
  readonly outcome: RedriveDecision | 'none'
  /** Number of dead letters that were put back. */
  readonly redriven: number
}

/**
 * Puts dead letters back on the event queue once the events before them are applied again (docs/decisions/0040). Runs on a schedule.
 *
 * @throws if the queues or the state table cannot be used. The next run starts over.
 */
export function createHandler(dependencies: RedriveDependencies) {
  return middy<unknown, RedriveResponse>().handler(async (_event, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const outcome = await withBudget(decideBudgetMs(deadline), 'no time was left to decide', (signal) =>
      decide(dependencies, signal),
    )
    if (outcome === 'none' || outcome === 'wait') return { outcome, redriven: 0 }
    return { outcome, redriven: await run(dependencies, outcome === 'probe' ? 1 : maxRedrivenLetters, deadline) }
  })
}

/** Costs one request if there are no dead letters. */
async function decide(
  { deadLetters, activity, now, logger }: RedriveDependencies,
  signal: AbortSignal,
): Promise<RedriveResponse['outcome']> {
  const visible = await deadLetters.countVisible(signal)
  if (visible === 0) return 'none'
  const at = now()
  const [recent, queuedMessages] = await Promise.all([
    activity.read(at, signal),
    deadLetters.countQueuedMessages(signal),
  ])
  const decision = decideRedrive(recent, queuedMessages, at)
  logger.info('dead letters found', { decision, dead_letters: visible, queued_messages: queuedMessages, ...recent })
  return decision
}

/** @returns the number of dead letters that were put back. */
async function run(
  { deadLetters, now, logger, metrics }: RedriveDependencies,
  maxLetters: number,
  deadline: Deadline,
): Promise<number> {
  const endsAt = now() + receiveBudgetMs(deadline)
  const hasTime = () => now() < endsAt
  const { redriven, kept, isTimedOut, failure } = await withBudget(
    redriveBudgetMs(deadline),
    'no time was left to put dead letters back',
    (signal) => redrive({ deadLetters, now }, { maxLetters, hasTime }, signal),
  )
  // After a timeout they stay hidden, so that the next run sees the dead letters behind them.
  if (!isTimedOut && kept.length > 0)
    await withBudget(releaseBudgetMs(deadline), 'no time was left to release dead letters', (signal) =>
      orAbort(deadLetters.release(kept, signal), signal).catch(() => undefined),
    )
  logger.info('dead letters put back', { redriven, kept: kept.length, timed_out: isTimedOut })
  if (redriven > 0) {
    metrics.addMetric(metricNames.deadLettersRedriven, MetricUnit.Count, redriven)
    metrics.publishStoredMetrics()
  }
  if (failure !== undefined) throw failure
  return redriven
}
