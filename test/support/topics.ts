import type { Alert } from '../../core/alerting/alert.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import { type FanOutDependencies, fanOut, type RoomEventMessage } from '../../lambdas/apply-events/fan-out.ts'
import type { Dependencies } from '../../lambdas/apply-events/update-view.ts'

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
  topics: Pick<FanOutDependencies, 'alerts' | 'roomEvents'>,
): FanOutDependencies {
  return { ...stores, ...topics, timeZone: 'Asia/Shanghai' }
}

/** Applies and tells, again for the messages that failed, as the queue does. @returns how many rounds it took. */
export async function tellUntilDone(
  dependencies: FanOutDependencies,
  events: readonly NorthboundEvent[],
): Promise<number> {
  let pending: readonly NorthboundEvent[] = events
  let round = 0
  for (; pending.length > 0; round++) {
    if (round > 200) throw new Error('still failing')
    const { outcomes, news } = await applyBatch(dependencies, pending)
    const { failures } = await fanOut(dependencies, news)
    pending = pending.filter((event) => outcomes.get(event) instanceof Error || failures.has(event))
  }
  return round
}
