import type { Alert } from '../../core/notifications/alert.ts'
import type { RoomEventMessage } from '../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies, PublishDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { publishApplied } from '../../lambdas/apply-events/publish.ts'
import { unlimited } from './apply.ts'

/** Both topics in memory. `sent` lists what was published. */
export function memoryTopics() {
  const alerts: Alert[] = []
  const roomEvents: RoomEventMessage[] = []
  return {
    sent: { alerts, roomEvents },
    alerts: { publish: async (alert: Alert) => void alerts.push(alert) },
    roomEvents: {
      publish: async (messages: readonly RoomEventMessage[]) => {
        roomEvents.push(...messages)
        return new Map<RoomEventMessage, Error>()
      },
    },
  }
}

export function publishDependencies(
  stores: ApplyDependencies,
  topics: Pick<PublishDependencies, 'alerts' | 'roomEvents'>,
): PublishDependencies {
  return { ...stores, ...topics, timeZone: 'Asia/Shanghai' }
}

const maxRounds = 200

/**
 * Applies and publishes the events, and repeats this for the events that failed, as the queue does.
 *
 * @returns the number of rounds.
 */
export async function publishUntilDone(
  dependencies: PublishDependencies,
  events: readonly NorthboundEvent[],
): Promise<number> {
  let pending: readonly NorthboundEvent[] = events
  let round = 0
  for (; pending.length > 0; round++) {
    if (round > maxRounds) throw new Error('the events still fail')
    const { outcomes, appliedEvents } = await applyBatch(dependencies, pending, unlimited)
    const { failures } = await publishApplied(dependencies, appliedEvents, unlimited)
    pending = pending.filter((event) => outcomes.get(event) instanceof Error || failures.has(event))
  }
  return round
}
