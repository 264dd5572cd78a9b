import { describe, expect, it } from 'vitest'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { applyUntilDone, expectedStates, memoryDependencies, storedStates } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const never = new Promise<never>(() => undefined)
/** 50 ms for applying; the rest is kept for the report. */
const deadline = { remainingMs: () => 3_050 }

describe('a batch that takes too long', () => {
  const stuck = event('join', { user_id: 'stuck' }, { at: 2 })
  const others = [event('open', {}, { at: 1 }), event('join', { user_id: 'U' }, { at: 3 })]
  const events = [stuck, ...others]

  /** Waits for ever where a projection of somebody is written. */
  const slow = (store: ProjectionStore): ProjectionStore => ({
    ...store,
    write: (projection) =>
      'user_id' in projection.aggregate && projection.aggregate.user_id === 'stuck' ? never : store.write(projection),
  })

  it('fails for what is not applied by then, and for nothing else', async () => {
    const dependencies = memoryDependencies()
    const { outcomes, appliedEvents } = await applyBatch(
      { ...dependencies, store: slow(dependencies.store) },
      events,
      deadline,
    )
    expect(outcomes.get(stuck)).toMatchObject({ message: 'no time was left to apply the event' })
    expect(others.map((one) => outcomes.get(one))).toEqual(['applied', expect.anything()])
    expect(appliedEvents.map((one) => one.event)).not.toContain(stuck)
  })

  it('is applied as if nothing had been when it comes again', async () => {
    const dependencies = memoryDependencies()
    await applyBatch({ ...dependencies, store: slow(dependencies.store) }, events, deadline)
    await applyUntilDone(dependencies, events)
    expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
  })

  it('fails as a whole where not even the projections can be read', async () => {
    const dependencies = memoryDependencies()
    const store = { ...dependencies.store, read: () => never }
    const { outcomes } = await applyBatch({ ...dependencies, store }, events, deadline)
    expect([...outcomes.values()].every((outcome) => outcome instanceof Error)).toBe(true)
  })
})
