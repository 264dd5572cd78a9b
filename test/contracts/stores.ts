import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  readStoredPastEntries,
  readStoredStates,
} from '../support/apply.ts'
import { anyConflictingDeliveries, anyDeliveries, cut } from '../support/events.ts'
import { eventsOf, fieldCases, verifyFieldCase } from '../support/field-cases.ts'
import { checkpointsContract } from './checkpoints.ts'
import { closeCandidatesContract } from './close-candidates.ts'
import { eventLogContract } from './event-log.ts'
import { pastSessionsContract } from './past-sessions.ts'
import { projectionsContract } from './projections.ts'

/** Numbers of histories that are tried. */
type Runs = { readonly events: number; readonly conflicts: number }

/** Tests that every event log and every projection store must pass. @param open returns empty stores. */
export function storesContract(open: () => Promise<ApplyDependencies>, runs: Runs): void {
  const openStore = async () => (await open()).store

  eventLogContract(async () => (await open()).log)
  projectionsContract(openStore)
  closeCandidatesContract(openStore)
  checkpointsContract(openStore)
  pastSessionsContract(openStore)

  it.each(fieldCases)('applyBatch stores the expected state for the field case "$name"', async (fieldCase) => {
    const dependencies = await open()
    const events = eventsOf(fieldCase).toReversed()
    for (const batch of cut([...events, ...events], [1, 3])) await applyUntilDone(dependencies, batch)
    await verifyFieldCase(dependencies.store, fieldCase)
  })

  it.each([
    ['events', anyDeliveries, runs.events],
    ['different events that share trace ids', anyConflictingDeliveries, runs.conflicts],
  ])(
    'applyBatch stores the states of the sorted fold for any order, batches and repetitions of %s',
    async (_, deliveries, numRuns) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(deliveries, sizes, async (events, pieces) => {
          const dependencies = await open()
          // Two batches at a time, as two concurrent invocations would.
          for (const pair of cut(cut(events, pieces), [2]))
            await Promise.all(pair.map((batch) => applyUntilDone(dependencies, batch)))
          expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
          expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))
        }),
        { numRuns },
      )
    },
    120_000,
  )
}
