import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { withBudget } from '../deadline.ts'
import { sampleBudgetMs } from './budgets.ts'
import type { SampleUsageDependencies } from './dependencies.ts'
import { type SampleOutcome, SampleRecorder } from './record-sample.ts'

/**
 * Samples open rooms and present participants. Runs on a schedule, once a minute (docs/decisions/0052).
 *
 * @throws if the state table cannot be used. The minute is then missing.
 */
export function createHandler({ openRooms, usage, now }: SampleUsageDependencies) {
  const recorder = new SampleRecorder(usage)
  return middy<unknown, { outcome: SampleOutcome }>().handler(async (_event, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const outcome = await withBudget(sampleBudgetMs(deadline), 'no time was left for the sample', async (signal) => {
      const at = now()
      return recorder.record(await openRooms.readOpenRooms(signal), at, signal)
    })
    return { outcome }
  })
}
