import type { Alert } from '../../core/notifications/alert.ts'
import type { RoomEventMessage } from '../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import { type PublishDependencies, publishApplied } from '../../lambdas/apply-events/publish.ts'
import type { Dependencies } from '../../lambdas/apply-events/update-projection.ts'

/** Two topics that keep what they took. */
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

export function fanOutDependencies(
  stores: Dependencies,
  topics: Pick<PublishDependencies, 'alerts' | 'roomEvents'>,
): PublishDependencies {
  return { ...stores, ...topics, timeZone: 'Asia/Shanghai' }
}

/** Applies and tells, again for the messages that failed, as the queue does. @returns how many rounds it took. */
export async function tellUntilDone(
  dependencies: PublishDependencies,
  events: readonly NorthboundEvent[],
): Promise<number> {
  let pending: readonly NorthboundEvent[] = events
  let round = 0
  for (; pending.length > 0; round++) {
    if (round > 200) throw new Error('still failing')
    const { outcomes, news } = await applyBatch(dependencies, pending)
    const { failures } = await publishApplied(dependencies, news)
    pending = pending.filter((event) => outcomes.get(event) instanceof Error || failures.has(event))
  }
  return round
}
