import { retryDelaySeconds } from '../../core/retries/retry-delay.ts'
import { asError } from '../as-error.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { delayBudgetMs } from './budgets.ts'
import type { NotifyChatDependencies } from './dependencies.ts'
import type { Waiting } from './send-to-robot.ts'

/** Makes messages visible again when their robot may take them. Never throws: they are reported as failed in any case. */
export async function delayWaiting(
  { retries, logger, now }: NotifyChatDependencies,
  waiting: readonly Waiting[],
  deadline: Deadline,
): Promise<void> {
  if (waiting.length === 0) return
  const delayed = waiting.map(({ record: { receiptHandle, attributes }, retryAt }) => ({
    receiptHandle,
    delaySeconds:
      retryAt === undefined
        ? retryDelaySeconds(Number(attributes.ApproximateReceiveCount))
        : Math.max(Math.ceil((retryAt - now()) / 1000), 1),
  }))
  try {
    const failures = await withBudget(delayBudgetMs(deadline), 'no time was left to set the delay', (signal) =>
      orAbort(retries.delayAll(delayed, signal), signal),
    )
    const [first] = failures
    if (first !== undefined) logger.warn(lateRetry, { messages: failures.length, error: first.error })
  } catch (error) {
    logger.warn(lateRetry, { messages: waiting.length, error: asError(error) })
  }
}

const lateRetry = 'delay of waiting messages not set; they come again after the visibility timeout of the queue'
