import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import {
  applyUntilDone,
  expectedSessions,
  expectedStates,
  memoryDependencies,
  storedSessions,
  storedStates,
  unlimited,
} from '../../../support/apply.ts'
import { anyDeliveries, cut } from '../../../support/events.ts'
import { failSomeCalls, scheduleCalls } from '../../../support/unreliable-stores.ts'

const batchSizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })

describe('applyBatch', () => {
  it('stores the expected states for any order, batches and duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(anyDeliveries, batchSizes, async (events, sizes) => {
        const dependencies = memoryDependencies()
        for (const batch of cut(events, sizes)) {
          const { outcomes } = await applyBatch(dependencies, batch, unlimited)
          expect([...outcomes.values()].filter((outcome) => outcome instanceof Error)).toEqual([])
        }
        expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
        expect(await storedSessions(dependencies.store, events)).toEqual(expectedSessions(events))
      }),
      { numRuns: 2000 },
    )
  })

  it('stores the expected states if batches run concurrently, for any interleaving of store calls', async () => {
    await fc.assert(
      fc.asyncProperty(anyDeliveries, batchSizes, fc.scheduler(), async (events, sizes, scheduler) => {
        const dependencies = memoryDependencies()
        const concurrent = scheduleCalls(dependencies, scheduler)
        await scheduler.waitFor(Promise.all(cut(events, sizes).map((batch) => applyUntilDone(concurrent, batch))))
        expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
        expect(await storedSessions(dependencies.store, events)).toEqual(expectedSessions(events))
      }),
      { numRuns: 600 },
    )
  })

  it('stores the expected states if store calls fail, before or after they take effect, and messages are redelivered', async () => {
    await fc.assert(
      fc.asyncProperty(anyDeliveries, batchSizes, fc.infiniteStream(fc.nat(9)), async (events, sizes, dice) => {
        const dependencies = memoryDependencies()
        const unreliable = failSomeCalls(dependencies, () => dice.next().value ?? 9)
        for (const batch of cut(events, sizes)) await applyUntilDone(unreliable, batch)
        expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
        expect(await storedSessions(dependencies.store, events)).toEqual(expectedSessions(events))
      }),
      { numRuns: 600 },
    )
  })
})
