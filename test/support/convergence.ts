import fc from 'fast-check'
import { expect } from 'vitest'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, type StatefulAggregateId, streamOf } from '../../core/state/aggregate.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  memoryDependencies,
  readStoredPastEntries,
  readStoredStates,
  rebuildUntilDone,
  unlimited,
} from './apply.ts'
import { anyDeliveries, cut } from './events.ts'
import { failSomeCalls, scheduleCalls } from './unreliable-stores.ts'

// The same set of events must give the same state regardless of its delivery (docs/contract.md, section 4).

const batchSizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })

/** Verifies the stored states for any order of events, any batches and any duplicates. */
export async function verifyAnyDelivery(numRuns: number, deliveries = anyDeliveries): Promise<void> {
  await fc.assert(
    fc.asyncProperty(deliveries, batchSizes, async (events, sizes) => {
      const dependencies = memoryDependencies()
      for (const batch of cut(events, sizes)) {
        const { outcomes } = await applyBatch(dependencies, batch, unlimited)
        expect([...outcomes.values()].filter((outcome) => outcome instanceof Error)).toEqual([])
      }
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))
    }),
    { numRuns },
  )
}

/** Verifies the stored states for concurrent batches, with any interleaving of their store calls. */
export async function verifyConcurrentBatches(numRuns: number, deliveries = anyDeliveries): Promise<void> {
  await fc.assert(
    fc.asyncProperty(deliveries, batchSizes, fc.scheduler(), async (events, sizes, scheduler) => {
      const dependencies = memoryDependencies()
      const concurrent = scheduleCalls(dependencies, scheduler)
      await scheduler.waitFor(Promise.all(cut(events, sizes).map((batch) => applyUntilDone(concurrent, batch))))
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))
    }),
    { numRuns },
  )
}

/** Verifies the stored states if store calls fail, before or after they take effect, and messages are redelivered. */
export async function verifyFailingStores(numRuns: number, deliveries = anyDeliveries): Promise<void> {
  await fc.assert(
    fc.asyncProperty(deliveries, batchSizes, fc.infiniteStream(fc.nat(9)), async (events, sizes, dice) => {
      const dependencies = memoryDependencies()
      const unreliable = failSomeCalls(dependencies, () => dice.next().value ?? 9)
      for (const batch of cut(events, sizes)) await applyUntilDone(unreliable, batch)
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))
    }),
    { numRuns },
  )
}

/**
 * Verifies the stored states after a rebuild of everything, with any interleaving of store calls. Some events are only in the
 * log before the rebuild, as events are whose messages became dead letters; the others are delivered meanwhile.
 */
export async function verifyRebuildOfLostEvents(numRuns: number): Promise<void> {
  const dice = fc.infiniteStream(fc.nat(4))
  await fc.assert(
    fc.asyncProperty(anyDeliveries, batchSizes, dice, fc.scheduler(), async (events, sizes, rolls, scheduler) => {
      const dependencies = memoryDependencies()
      const concurrent = scheduleCalls(dependencies, scheduler)
      const { lost = [], delivered = [] } = Object.groupBy(events, () =>
        rolls.next().value === 0 ? 'lost' : 'delivered',
      )
      for (const event of lost) await dependencies.log.append(event)
      const work = [
        ...cut(delivered, sizes).map((batch) => applyUntilDone(concurrent, batch)),
        ...cut(statefulAggregates(events), sizes).map((batch) => rebuildUntilDone(concurrent, batch)),
      ]
      await scheduler.waitFor(Promise.all(work))
      const logged = await readLog(dependencies, statefulAggregates(events))
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(logged))
      expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(logged))
    }),
    { numRuns },
  )
}

/** Verifies the stored states if projections are marked as outdated while batches run, for any interleaving of store calls. */
export async function verifyMarksDuringTraffic(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyDeliveries, batchSizes, fc.scheduler(), async (events, sizes, scheduler) => {
      const dependencies = memoryDependencies()
      const { store, ...rest } = scheduleCalls(dependencies, scheduler)
      const work = [
        ...cut(events, sizes).map((batch) => applyUntilDone({ store, ...rest }, batch)),
        ...statefulAggregates(events).map((aggregate) => store.markOutdated(aggregate, 0)),
      ]
      await scheduler.waitFor(Promise.all(work))
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))
    }),
    { numRuns },
  )
}

function statefulAggregates(events: readonly NorthboundEvent[]): StatefulAggregateId[] {
  const aggregates = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
  return [...aggregates.values()].filter((aggregate) => aggregate.kind !== 'other')
}

/** The events as the log has them: a lost repetition never moves an event to its earlier time. */
async function readLog({ log }: ApplyDependencies, aggregates: readonly StatefulAggregateId[]) {
  return (await Promise.all(aggregates.map((aggregate) => log.read(aggregate)))).flat()
}
