import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../../../lambdas/apply-events/dependencies.ts'
import { DeadlineExceededError } from '../../../../lambdas/deadline.ts'
import { applyUntilDone, expectedStates, memoryDependencies, readStoredStates } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const never = new Promise<never>(() => undefined)
/** Leaves 50 ms for applying. The rest is kept for the report. */
const deadline = { remainingMs: () => 3_050 }

const stuck = event('join', { user_id: 'stuck' }, { at: 2 })
const others = [event('open', {}, { at: 1 }), event('join', { user_id: 'U' }, { at: 3 })]
const events = [stuck, ...others]

/** The store, except that writing the projection of the user `stuck` never ends. */
function createHangingStore(store: ProjectionStore): ProjectionStore {
  return {
    ...store,
    write: (projection) =>
      'user_id' in projection.aggregate && projection.aggregate.user_id === 'stuck' ? never : store.write(projection),
  }
}

async function applyUntilDeadline(dependencies: ApplyDependencies, batch: readonly NorthboundEvent[]) {
  const result = applyBatch(dependencies, batch, deadline)
  await vi.runAllTimersAsync()
  return result
}

describe('applyBatch after its deadline', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('fails only the events that were not applied in time', async () => {
    const dependencies = memoryDependencies()
    const store = createHangingStore(dependencies.store)
    const { outcomes, appliedEvents } = await applyUntilDeadline({ ...dependencies, store }, events)
    expect(outcomes.get(stuck)).toBeInstanceOf(DeadlineExceededError)
    expect(outcomes.get(stuck)).toMatchObject({ message: 'no time was left to apply the event' })
    expect(others.map((other) => outcomes.get(other))).toEqual(['applied', expect.anything()])
    expect(appliedEvents.map((applied) => applied.event)).not.toContain(stuck)
  })

  it('leaves stores in which the redelivered events give the expected states', async () => {
    const dependencies = memoryDependencies()
    await applyUntilDeadline({ ...dependencies, store: createHangingStore(dependencies.store) }, events)
    await applyUntilDone(dependencies, events)
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
  })

  it('fails all events if the projections could not be read', async () => {
    const dependencies = memoryDependencies()
    const store = { ...dependencies.store, read: () => never }
    const { outcomes } = await applyUntilDeadline({ ...dependencies, store }, events)
    expect([...outcomes.values()].every((outcome) => outcome instanceof Error)).toBe(true)
  })
})

describe('applyBatch with a room that is slow', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  /** Events of a room whose close ends sessions, and of ten other rooms, some of them closed, too. */
  const slow = [
    event('close', { room_id: 'slow' }, { at: 5 }),
    event('join', { room_id: 'slow', user_id: 'U' }, { at: 3 }),
  ]
  const rest = Array.from({ length: 10 }, (_, index) => [
    event('join', { room_id: `R${index}`, user_id: 'U' }, { at: 3 }),
    ...(index % 2 === 0 ? [event('close', { room_id: `R${index}` }, { at: 5 })] : []),
  ]).flat()
  const isSlow = (roomId: string | undefined) => roomId === 'slow'
  const stuckSteps: [step: string, (store: ProjectionStore) => Partial<ProjectionStore>][] = [
    [
      'its sessions are ended',
      ({ readCloseCandidates }) => ({
        readCloseCandidates: (roomId, ...rest) => (isSlow(roomId) ? never : readCloseCandidates(roomId, ...rest)),
      }),
    ],
    [
      'it is stored',
      ({ write }) => ({
        write: (projection) =>
          projection.aggregate.kind === 'room' && isSlow(projection.aggregate.room_id) ? never : write(projection),
      }),
    ],
  ]

  it.each(stuckSteps)('fails only events of that room if the time runs out while %s', async (_, stick) => {
    const dependencies = memoryDependencies()
    const store = { ...dependencies.store, ...stick(dependencies.store) }
    const { outcomes } = await applyUntilDeadline({ ...dependencies, store }, [...slow, ...rest])
    expect(slow.some((slowEvent) => outcomes.get(slowEvent) instanceof DeadlineExceededError)).toBe(true)
    expect(rest.filter((other) => outcomes.get(other) instanceof Error)).toEqual([])
    expect(await readStoredStates(dependencies.store, rest)).toEqual(expectedStates(rest))
    await applyUntilDone(dependencies, slow)
    expect(await readStoredStates(dependencies.store, slow)).toEqual(expectedStates(slow))
  })
})
