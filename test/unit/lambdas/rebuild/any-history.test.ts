import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pastEntryKey } from '../../../../core/projection/past-entries.ts'
import { isRecurring, roomIdOf, type StatefulAggregateId } from '../../../../core/state/aggregate.ts'
import { unknownFoldVersion } from '../../../../core/state/fold-version.ts'
import { expectedPastEntries, expectedStates, readStoredPastEntries, readStoredStates } from '../../../support/apply.ts'
import { anyDeliveries, cut } from '../../../support/events.ts'
import { setUp } from './rebuild.ts'

type SetUp = ReturnType<typeof setUp>

/** Compares everything. @returns the aggregates that differ. */
async function findDifferent({ invoke }: SetUp, request: object = { dry_run: true }): Promise<StatefulAggregateId[]> {
  const found: StatefulAggregateId[] = []
  let cursor: string | null = null
  do {
    const response = await invoke({ all: true, cursor, ...request })
    expect(response.unsettled).toBe(0)
    found.push(...response.differences.map(({ aggregate }) => aggregate))
    cursor = response.cursor
  } while (cursor !== null)
  return found
}

const damages = fc.infiniteStream(fc.constantFrom('none', 'none', 'state', 'fold version', 'past entries'))

/** Damages a projection, or the past sessions or recordings of an aggregate. @returns whether that changes anything. */
async function damageBy(kind: string, system: SetUp, aggregate: StatefulAggregateId): Promise<boolean> {
  const [projection] = await system.store.read([aggregate])
  // Some events change nothing and leave no state.
  if (kind === 'state' && projection?.state === undefined) return false
  if (kind === 'state') await system.damage(aggregate, { state: undefined })
  if (kind === 'fold version') await system.damage(aggregate, { foldVersion: unknownFoldVersion })
  if (kind !== 'past entries') return kind !== 'none'
  if (!isRecurring(aggregate)) return false
  const [entry] = await system.store.readPastEntries(aggregate, 0)
  if (entry === undefined) return false
  const key = pastEntryKey(entry)
  await system.store.upsertPastEntry(aggregate, { key, entry: null, at: 0 }, projection?.version ?? 0)
  return (await system.store.readPastEntries(aggregate, 0)).every((other) => pastEntryKey(other) !== key)
}

/** A room whose state follows from a damaged participant may be found as well. */
function verifyFound(found: readonly StatefulAggregateId[], damaged: readonly StatefulAggregateId[]): void {
  expect(found).toEqual(expect.arrayContaining([...damaged]))
  const rooms = new Set(damaged.map(roomIdOf))
  for (const aggregate of found)
    if (aggregate.kind === 'room') expect(rooms).toContain(aggregate.room_id)
    else expect(damaged).toContainEqual(aggregate)
}

it('the rebuild function finds exactly the damaged aggregates of any history, and has them repaired', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(anyDeliveries, sizes, damages, async (events, pieces, kinds) => {
      const system = setUp()
      for (const batch of cut(events, pieces)) await system.apply(...batch)
      expect(await findDifferent(system)).toEqual([])
      const damaged: StatefulAggregateId[] = []
      for (const { aggregate } of (await system.log.list(null)).items)
        if (await damageBy(kinds.next().value ?? 'none', system, aggregate)) damaged.push(aggregate)
      verifyFound(await findDifferent(system), damaged)
      verifyFound(await findDifferent(system, {}), damaged)
      await system.execute()
      expect(await findDifferent(system)).toEqual([])
      expect(await readStoredStates(system.store, events)).toEqual(expectedStates(events))
      expect(await readStoredPastEntries(system.store, events)).toEqual(expectedPastEntries(events))
    }),
    { numRuns: 300 },
  )
})
