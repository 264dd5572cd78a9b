import type { SQSRecord } from 'aws-lambda'
import { retryDelaySeconds } from '../../core/retries/retry-delay.ts'
import { asError } from '../as-error.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { retryBudgetMs } from './budgets.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'

/**
 * Makes failed messages visible again after a short delay that grows with each receive, instead of the visibility timeout of
 * the queue (docs/decisions/0037).
 *
 * Never throws: the messages are reported as failed in any case.
 */
export async function delayRetries(
  { retries, logger }: ApplyEventsDependencies,
  messages: readonly SQSRecord[],
  deadline: Deadline,
): Promise<void> {
  if (messages.length === 0) return
  const delayed = messages.map(({ receiptHandle, attributes }) => ({
    receiptHandle,
    delaySeconds: retryDelaySeconds(Number(attributes.ApproximateReceiveCount)),
  }))
  try {
    const failures = await withBudget(retryBudgetMs(deadline), 'no time was left to set the delay', (signal) =>
      orAbort(retries.delayAll(delayed, signal), signal),
    )
    const [first] = failures
    if (first !== undefined) logger.warn(lateRetry, { messages: failures.length, error: first.error })
  } catch (error) {
    logger.warn(lateRetry, { messages: messages.length, error: asError(error) })
  }
}

const lateRetry = 'delay of failed messages not set; they come again after the visibility timeout of the queue'
