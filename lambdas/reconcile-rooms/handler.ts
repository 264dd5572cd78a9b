import middy from '@middy/core'
import type { Context, SNSEvent } from 'aws-lambda'
import { withBudget } from '../deadline.ts'
import { endWarningsBudgetMs } from './budgets.ts'
import type { ReconcileRoomsDependencies } from './dependencies.ts'
import { endWarnings } from './end-warnings.ts'
import { type SweepOutcome, type SweepTrigger, sweep } from './sweep.ts'

/**
 * Runs at most one sweep per invocation. The schedule triggers it, or a message of the room-event topic about a warning. The
 * schedule also triggers the all-clears of warnings, even if no platform is configured.
 */
export function createHandler(dependencies: ReconcileRoomsDependencies) {
  return middy<unknown, { outcome: SweepOutcome }>().handler(async (event, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const trigger = triggerOf(event)
    if (trigger === 'schedule')
      await withBudget(endWarningsBudgetMs(deadline), 'no time was left for the all-clears of warnings', (signal) =>
        endWarnings(dependencies, signal),
      )
    const outcome = await sweep(dependencies, trigger, deadline)
    if (dependencies.metrics.hasStoredMetrics()) dependencies.metrics.publishStoredMetrics()
    return { outcome }
  })
}

/** Only SNS sends events with records. */
function triggerOf(event: unknown): SweepTrigger {
  const { Records } = (event ?? {}) as Partial<SNSEvent>
  return Records === undefined ? 'schedule' : 'warning'
}
