import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { withBudget } from '../deadline.ts'
import { sampleBudgetMs } from './budgets.ts'
import type { SampleUsageDependencies } from './dependencies.ts'
import { PeopleRecorder } from './record-people.ts'
import { type SampleOutcome, SampleRecorder } from './record-sample.ts'

/**
 * Samples open rooms and present participants, and adds people who came today to the directory. Runs on a schedule, once a minute
 * (docs/decisions/0052).
 *
 * @throws if the state table cannot be used. The minute may then be missing; the next run records the people.
 */
export function createHandler({ openRooms, usage, people, now }: SampleUsageDependencies) {
  const samples = new SampleRecorder(usage)
  const directory = new PeopleRecorder(people)
  return middy<unknown, { outcome: SampleOutcome }>().handler(async (_event, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const outcome = await withBudget(sampleBudgetMs(deadline), 'no time was left for the sample', async (signal) => {
      const at = now()
      const open = await openRooms.readOpenRooms(signal)
      const sampled = await samples.record(open, at, signal)
      await directory.record(open.present, at, signal)
      return sampled
    })
    return { outcome }
  })
}
