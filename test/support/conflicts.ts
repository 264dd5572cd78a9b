import fc from 'fast-check'
import { expect } from 'vitest'
import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import { eventId } from '../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { historyOf } from '../../core/state/fold.ts'
import {
  applyUntilDone,
  expectedSessions,
  expectedStates,
  memoryDependencies,
  readStoredSessions,
  readStoredStates,
} from './apply.ts'
import { anyConflictingDeliveries, cut } from './events.ts'
import { failSomeCalls, scheduleCalls } from './unreliable-stores.ts'

// Of different events that share a trace_id, the same one must count regardless of their delivery (docs/decisions/0002).

/** Stores in memory whose log shows what is quarantined. */
export function inspectableStores() {
  return { ...memoryDependencies(), log: memoryEventLog() }
}

/** Verifies the stored states, and that exactly the events that do not count are quarantined. */
export async function verifyConflicts(
  { log, store }: ReturnType<typeof inspectableStores>,
  events: readonly NorthboundEvent[],
): Promise<void> {
  expect(await readStoredStates(store, events)).toEqual(expectedStates(events))
  expect(await readStoredSessions(store, events)).toEqual(expectedSessions(events))
  const quarantined = [...log.quarantined.values()].flatMap(({ event }) => event ?? [])
  expect(new Map(quarantined.map((event) => [eventId(event), event.received_at]))).toEqual(expectedQuarantine(events))
}

/** The ids of the events that have no effect, because another one with their `trace_id` counts, and when they were received first. */
function expectedQuarantine(events: readonly NorthboundEvent[]): Map<string, number> {
  const streams = Map.groupBy(events, (event) => streamOf(aggregateOf(event)))
  const counted = new Set([...streams.values()].flatMap((own) => historyOf(own).map(eventId)))
  const lost = events.filter((event) => !counted.has(eventId(event)))
  return new Map(
    [...Map.groupBy(lost, eventId)].map(([id, same]) => [id, Math.min(...same.map(({ received_at }) => received_at))]),
  )
}

const batchSizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })

/** Verifies conflicts for any order of events, any batches and any duplicates. */
export async function verifyConflictsInAnyOrder(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyConflictingDeliveries, batchSizes, async (events, sizes) => {
      const stores = inspectableStores()
      for (const batch of cut(events, sizes)) await applyUntilDone(stores, batch)
      await verifyConflicts(stores, events)
    }),
    { numRuns },
  )
}

/** Verifies conflicts if store calls fail, before or after they take effect, and messages are redelivered. */
export async function verifyConflictsInFailingStores(numRuns: number): Promise<void> {
  const dice = fc.infiniteStream(fc.nat(9))
  await fc.assert(
    fc.asyncProperty(anyConflictingDeliveries, batchSizes, dice, async (events, sizes, rolls) => {
      const stores = inspectableStores()
      const unreliable = failSomeCalls(stores, () => rolls.next().value ?? 9)
      for (const batch of cut(events, sizes)) await applyUntilDone(unreliable, batch)
      await verifyConflicts(stores, events)
    }),
    { numRuns },
  )
}

/** Verifies conflicts for concurrent batches, with any interleaving of their store calls. */
export async function verifyConcurrentConflicts(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyConflictingDeliveries, batchSizes, fc.scheduler(), async (events, sizes, scheduler) => {
      const stores = inspectableStores()
      const concurrent = scheduleCalls(stores, scheduler)
      await scheduler.waitFor(Promise.all(cut(events, sizes).map((batch) => applyUntilDone(concurrent, batch))))
      await verifyConflicts(stores, events)
    }),
    { numRuns },
  )
}
