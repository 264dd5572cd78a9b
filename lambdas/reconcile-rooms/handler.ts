import middy from '@middy/core'
import type { Context, SNSEvent } from 'aws-lambda'
import type { ReconcileRoomsDependencies } from './dependencies.ts'
import { type SweepOutcome, type SweepTrigger, sweep } from './sweep.ts'

/** Runs at most one sweep per invocation. The schedule triggers it, or a message of the room-event topic about a warning. */
export function createHandler(dependencies: ReconcileRoomsDependencies) {
  return middy<unknown, { outcome: SweepOutcome }>().handler(async (event, context: Context) => {
    const outcome = await sweep(dependencies, triggerOf(event), {
      remainingMs: () => context.getRemainingTimeInMillis(),
    })
    if (dependencies.metrics.hasStoredMetrics()) dependencies.metrics.publishStoredMetrics()
    return { outcome }
  })
}

/** Only SNS sends events with records. */
function triggerOf(event: unknown): SweepTrigger {
  const { Records } = (event ?? {}) as Partial<SNSEvent>
  return Records === undefined ? 'schedule' : 'warning'
}
