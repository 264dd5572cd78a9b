import type { Alert } from '../../core/notifications/alert.ts'
import type { RoomEvent } from '../../core/notifications/room-event.ts'
import type { WarningSubject } from '../../core/ports/open-warnings.ts'
import type { RoomEventMessage } from '../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies, PublishDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { publishApplied } from '../../lambdas/apply-events/publish.ts'
import { memoryDependencies, unlimited } from './apply.ts'

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

/** Recorded warnings in memory: the times of their alerts by kind and media server. */
function memoryWarningRecorder() {
  const recorded = new Map<string, number[]>()
  return {
    recorded,
    record: async ({ kind, box_code }: WarningSubject, at: number) => {
      const key = `${kind} ${box_code}`
      recorded.set(key, [...(recorded.get(key) ?? []), at])
    },
  }
}

export function publishDependencies(
  stores: ApplyDependencies,
  topics: Pick<PublishDependencies, 'alerts' | 'roomEvents'>,
  openWarnings: PublishDependencies['openWarnings'] = memoryWarningRecorder(),
): PublishDependencies {
  return { ...stores, ...topics, openWarnings }
}

/** Stores and topics in memory, what was published, and `deliver`, which applies and publishes events. */
export function setUpPublishing() {
  const { sent, ...topics } = memoryTopics()
  const warnings = memoryWarningRecorder()
  const dependencies = publishDependencies(memoryDependencies(), topics, warnings)
  return {
    sent,
    dependencies,
    recordedWarnings: warnings.recorded,
    deliver: (...events: NorthboundEvent[]) => publishUntilDone(dependencies, events),
  }
}

export function bodiesOf(messages: readonly RoomEventMessage[]): RoomEvent[] {
  return messages.map(({ body }) => body)
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
    const applied = await applyBatch(dependencies, pending, unlimited)
    const { failures } = await publishApplied(dependencies, applied, unlimited)
    pending = pending.filter((event) => applied.outcomes.get(event) instanceof Error || failures.has(event))
  }
  return round
}
