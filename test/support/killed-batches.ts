import fc from 'fast-check'
import { expect } from 'vitest'
import type { Alert } from '../../core/notifications/alert.ts'
import { eventId } from '../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { historyOf } from '../../core/state/fold.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import { publishApplied } from '../../lambdas/apply-events/publish.ts'
import { SeededRandom } from '../../packages/avd-simulator/src/seeded-random.ts'
import { expectedPastEntries, readStoredPastEntries, unlimited } from './apply.ts'
import { inspectableStores, verifyConflicts } from './conflicts.ts'
import { anyConflictingDeliveries, anyDeliveries, cut } from './events.ts'
import { deliverWithKills } from './killed-functions.ts'
import { anyRoomDeliveries } from './room-histories.ts'
import { bodiesOf, memoryTopics, publishDependencies } from './topics.ts'
import { interceptCalls, interceptMethods } from './unreliable-stores.ts'

/** The deliveries to verify, with their names. */
export const killedDeliveries: readonly (readonly [name: string, deliveries: fc.Arbitrary<NorthboundEvent[]>])[] = [
  ['any events', anyDeliveries],
  ['one room at every limit of its rules', anyRoomDeliveries],
  ['different events that share a trace_id', anyConflictingDeliveries],
]

const batchSizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })

/**
 * Verifies what is stored, logged, quarantined and published if functions are killed at any call, or go on after their messages were
 * delivered again.
 */
export async function verifyKilledBatches(numRuns: number, deliveries: fc.Arbitrary<NorthboundEvent[]>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(deliveries, batchSizes, fc.integer(), async (events, sizes, seed) => {
      const stores = inspectableStores()
      const { sent, ...topics } = memoryTopics()
      await deliverWithKills(cut(events, sizes), new SeededRandom(seed), async (batch, intercept) => {
        const dependencies = publishDependencies(interceptCalls(stores, intercept), {
          alerts: interceptMethods(topics.alerts, intercept),
          roomEvents: interceptMethods(topics.roomEvents, intercept),
        })
        const applied = await applyBatch(dependencies, batch, unlimited)
        const { failures } = await publishApplied(dependencies, applied, unlimited)
        return batch.filter((event) => applied.outcomes.get(event) instanceof Error || failures.has(event))
      })
      await verifyConflicts(stores, events)
      expect(await readStoredPastEntries(stores.store, events)).toEqual(expectedPastEntries(events))
      const histories = [...Map.groupBy(events, (event) => streamOf(aggregateOf(event))).values()].map(historyOf)
      for (const history of histories) await verifyLog(stores, history)
      const published = new Set(bodiesOf(sent.roomEvents).map(({ id }) => id))
      const unpublished = histories.flat().filter((event) => isForRooms(event) && !published.has(eventId(event)))
      expect(unpublished).toEqual([])
      await verifyAlerts(stores, events, sent.alerts)
    }),
    { numRuns },
  )
}

/** Verifies that the log has the events that count, each once. @param history the events of one aggregate. */
async function verifyLog({ log }: ReturnType<typeof inspectableStores>, history: readonly NorthboundEvent[]) {
  const [first] = history
  if (first === undefined) return
  const describeEvents = (events: readonly NorthboundEvent[]) =>
    events.map((event) => `${event.trace_id} ${eventId(event)} ${event.received_at}`).sort()
  expect(describeEvents(await log.read(aggregateOf(first)))).toEqual(describeEvents(history))
}

/** Verifies that every alert that was decided about a media server was sent. */
async function verifyAlerts(
  { store }: ReturnType<typeof inspectableStores>,
  events: readonly NorthboundEvent[],
  alerts: readonly Alert[],
) {
  const sent = new Set(alerts.map(({ payload }) => payload.trace_id))
  for (const warnings of Map.groupBy(events, (event) => streamOf(aggregateOf(event))).values()) {
    const aggregate = warnings[0] && aggregateOf(warnings[0])
    if (aggregate?.kind !== 'box') continue
    const [stored] = await store.read([aggregate])
    expect(stored?.alertOutbox?.pending ?? []).toEqual([])
    const unsent = (stored?.alertOutbox?.alerts ?? []).filter(
      ({ sent_at }) => !warnings.some(({ received_at, trace_id }) => received_at === sent_at && sent.has(trace_id)),
    )
    expect(unsent).toEqual([])
  }
}

function isForRooms(event: NorthboundEvent): boolean {
  return aggregateOf(event).kind !== 'box'
}
