import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { alarmAllClear } from '../../core/notifications/alarm-recovery.ts'
import { withBudget } from '../deadline.ts'
import { readRecovery } from './alarm-event.ts'
import { publishBudgetMs } from './budgets.ts'
import type { SendAllClearDependencies } from './dependencies.ts'

/** `ignored`: the alarm did not return from ALARM to OK. */
export type AllClearOutcome = 'sent' | 'ignored'

/**
 * Publishes the all-clear of a CloudWatch alarm on the alert topic (docs/decisions/0049).
 *
 * @throws if the event cannot be read, or if the topic did not accept the message. Lambda then retries the invocation twice.
 */
export function createHandler({ alerts, installation, timeZone, logger }: SendAllClearDependencies) {
  return middy<unknown, { outcome: AllClearOutcome }>().handler(async (event, context: Context) => {
    const recovery = readRecovery(event)
    if (recovery === undefined) return { outcome: 'ignored' }
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    await withBudget(publishBudgetMs(deadline), 'no time was left to publish the all-clear', (signal) =>
      alerts.publish(alarmAllClear(recovery, installation, timeZone), signal),
    )
    logger.info('all-clear sent', { alarm: recovery.name })
    return { outcome: 'sent' }
  })
}
