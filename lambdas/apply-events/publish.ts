import { recentlySeenAt } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { probeEvent } from '../../core/protocol/probe.ts'
import { type Deadline, withBudget } from '../deadline.ts'
import type { AppliedEvent } from './applied-events.ts'
import type { BatchResult } from './apply-batch.ts'
import { publishBudgetMs } from './budgets.ts'
import type { PublishDependencies } from './dependencies.ts'
import { type AlertOutcome, publishAlerts } from './publish-alerts.ts'
import { publishRoomEvents } from './publish-room-events.ts'

export type PublishResult = {
  /** Errors by event. The messages of these events must be retried. */
  readonly failures: ReadonlyMap<NorthboundEvent, Error>
  /** The warnings for which an alert was pending. All other warnings are suppressed. */
  readonly alerts: ReadonlyMap<NorthboundEvent, AlertOutcome>
}

/**
 * Publishes what was applied, at least once: after a crash, or if a topic failed, the event's message is redelivered and
 * published again (docs/decisions/0005).
 *
 * A duplicate sent by the platform is not published again. It is recognised by its time of receipt: the message of the
 * event that counts has the time in the log, however often the queue delivers it. A probe concerns no subscriber.
 */
export async function publishApplied(
  dependencies: PublishDependencies,
  { appliedEvents, closeEnds }: Pick<BatchResult, 'appliedEvents' | 'closeEnds'>,
  deadline: Deadline,
): Promise<PublishResult> {
  const counted = appliedEvents.filter((applied) => applied.event.event !== probeEvent && isCounted(applied))
  return withBudget(publishBudgetMs(deadline), 'no time was left to publish the event', async (signal) => {
    const [alerts, roomEventFailures] = await Promise.all([
      publishAlerts(dependencies, counted, signal),
      publishRoomEvents(dependencies, { appliedEvents: counted, closeEnds }, signal),
    ])
    return { alerts: alerts.alerts, failures: new Map([...roomEventFailures, ...alerts.failures]) }
  })
}

/** Whether the message of the event is the one that counts, not that of a duplicate. */
export function isCounted({ event, step, projection }: AppliedEvent): boolean {
  const countedAt = step?.event?.received_at ?? recentlySeenAt(projection.recentEvents, event)
  return countedAt === undefined || countedAt === event.received_at
}
