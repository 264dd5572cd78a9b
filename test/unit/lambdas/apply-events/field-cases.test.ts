import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyUntilDone, memoryDependencies } from '../../../support/apply.ts'
import { cut } from '../../../support/events.ts'
import { eventsOf, type FieldCase, fieldCases, verifyFieldCase } from '../../../support/field-cases.ts'

async function deliver(fieldCase: FieldCase, batches: readonly (readonly NorthboundEvent[])[]): Promise<void> {
  const dependencies = memoryDependencies()
  for (const batch of batches) await applyUntilDone(dependencies, batch)
  await verifyFieldCase(dependencies.store, fieldCase)
}

describe.each(fieldCases)('applyBatch, for the field case "$name",', (fieldCase) => {
  const events = eventsOf(fieldCase)

  it('stores the expected state in order, event by event and in one batch', async () => {
    await deliver(
      fieldCase,
      events.map((event) => [event]),
    )
    await deliver(fieldCase, [events])
  })

  it('stores the expected state in reverse order', () =>
    deliver(
      fieldCase,
      events.toReversed().map((event) => [event]),
    ))

  it('stores the expected state in any order and batches, with duplicates', async () => {
    const deliveries = fc
      .shuffledSubarray([...events, ...events], { minLength: events.length * 2 })
      .map((all) => all.map((event) => ({ ...event })))
    await fc.assert(
      fc.asyncProperty(
        deliveries,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
        (all, sizes) => deliver(fieldCase, cut(all, sizes)),
      ),
      { numRuns: 50 },
    )
  })
})
