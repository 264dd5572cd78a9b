import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { ReconcileRoomsDependencies } from './dependencies.ts'
import { type SweepOutcome, sweep } from './sweep.ts'

/** Runs one sweep per invocation, whatever triggered it: the schedule or a warning of the platform. */
export function createHandler(dependencies: ReconcileRoomsDependencies) {
  return middy<unknown, { outcome: SweepOutcome }>().handler(async (_event, context: Context) => {
    const outcome = await sweep(dependencies, { remainingMs: () => context.getRemainingTimeInMillis() })
    if (dependencies.metrics.hasStoredMetrics()) dependencies.metrics.publishStoredMetrics()
    return { outcome }
  })
}
