import fc from 'fast-check'
import { expect } from 'vitest'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import {
  applyUntilDone,
  expectedSessions,
  expectedStates,
  memoryDependencies,
  readStoredSessions,
  readStoredStates,
  unlimited,
} from './apply.ts'
import { anyDeliveries, cut } from './events.ts'
import { failSomeCalls, scheduleCalls } from './unreliable-stores.ts'

// The same set of events must give the same state regardless of its delivery (docs/contract.md, section 4).

const batchSizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })

/** Verifies the stored states for any order of events, any batches and any duplicates. */
export async function verifyAnyDelivery(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyDeliveries, batchSizes, async (events, sizes) => {
      const dependencies = memoryDependencies()
      for (const batch of cut(events, sizes)) {
        const { outcomes } = await applyBatch(dependencies, batch, unlimited)
        expect([...outcomes.values()].filter((outcome) => outcome instanceof Error)).toEqual([])
      }
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredSessions(dependencies.store, events)).toEqual(expectedSessions(events))
    }),
    { numRuns },
  )
}

/** Verifies the stored states for concurrent batches, with any interleaving of their store calls. */
export async function verifyConcurrentBatches(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyDeliveries, batchSizes, fc.scheduler(), async (events, sizes, scheduler) => {
      const dependencies = memoryDependencies()
      const concurrent = scheduleCalls(dependencies, scheduler)
      await scheduler.waitFor(Promise.all(cut(events, sizes).map((batch) => applyUntilDone(concurrent, batch))))
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredSessions(dependencies.store, events)).toEqual(expectedSessions(events))
    }),
    { numRuns },
  )
}

/** Verifies the stored states if store calls fail, before or after they take effect, and messages are redelivered. */
export async function verifyFailingStores(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyDeliveries, batchSizes, fc.infiniteStream(fc.nat(9)), async (events, sizes, dice) => {
      const dependencies = memoryDependencies()
      const unreliable = failSomeCalls(dependencies, () => dice.next().value ?? 9)
      for (const batch of cut(events, sizes)) await applyUntilDone(unreliable, batch)
      expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
      expect(await readStoredSessions(dependencies.store, events)).toEqual(expectedSessions(events))
    }),
    { numRuns },
  )
}
