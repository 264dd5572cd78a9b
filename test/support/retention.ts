import fc from 'fast-check'
import { expect } from 'vitest'
import { type MemoryEventLog, memoryEventLog } from '../../adapters/memory/event-log.ts'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  memoryDependencies,
  readStoredPastEntries,
  readStoredStates,
  unlimited,
} from './apply.ts'
import { anyEvent } from './events.ts'
import { failSomeCalls } from './unreliable-stores.ts'

export const dayMs = 86_400_000

/** A delivery of an event at `at` (ms). If it is unreliable, store calls fail; a later delivery then succeeds. */
type Delivery = { readonly event: NorthboundEvent; readonly at: number; readonly isReliable: boolean }

const maxLateMs = 24 * dayMs
const spanDays = 120

/** ms: clusters of events, because that is when the order within a few seconds matters, with days between them. */
const anyTime = fc
  .tuple(fc.integer({ min: 1, max: spanDays / 4 }), fc.integer({ min: 0, max: 20 }))
  .map(([cluster, step]) => cluster * 4 * dayMs + step * 2_500)

const anyLateness = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: maxLateMs }))

/** Events over four months, delivered up to 24 days late, in the order of their deliveries. */
const anyLateDeliveries: fc.Arbitrary<Delivery[]> = fc
  .array(fc.tuple(anyEvent, anyTime, anyLateness, fc.array(anyLateness, { maxLength: 2 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((occurrences) =>
    occurrences
      .flatMap(([{ source, params }, received_at, lateness, failures]) => {
        const trace_id = `t${occurrences.findIndex(([other]) => other.params === params)}`
        const event = parseEvent({ trace_id, received_at, source }, params)
        const failed = failures.filter((other) => other < lateness)
        return [
          ...failed.map((other) => ({ event: { ...event }, at: received_at + other, isReliable: false })),
          { event, at: received_at + lateness, isReliable: true },
        ]
      })
      .sort((a, b) => a.at - b.at),
  )

/** The least that a deployment can be set to. */
export const retentionDays = 30

/** Stores whose clock and expiry the test controls. */
export type ExpiringStores = {
  readonly dependencies: ApplyDependencies
  /** ms */
  readonly clock: { now: number }
  /** Removes the events that were received before this time (ms) from the log. */
  readonly expire: (before: number) => Promise<void>
}

export function memoryExpiringStores(): ExpiringStores & { readonly log: MemoryEventLog } {
  const clock = { now: 0 }
  const log = memoryEventLog()
  const { store, rules } = memoryDependencies()
  const dependencies = { log, store, rules: { ...rules, retentionDays }, now: () => clock.now }
  return { log, dependencies, clock, expire: async (before) => log.expire(before) }
}

/**
 * Verifies that the stored states and past sessions equal the fold of all events ever, if the log expires before each delivery,
 * events come up to 24 days late, and deliveries crash.
 */
export async function verifyStateAfterExpiry(open: () => Promise<ExpiringStores>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyLateDeliveries, async (deliveries) => {
      const stores = await open()
      await deliverOverTime(deliveries, stores)
      const events = deliveries.map(({ event }) => event)
      const { store } = stores.dependencies
      expect(await readStoredStates(store, events)).toEqual(expectedStates(events))
      expect(await readStoredPastEntries(store, events)).toEqual(expectedPastEntries(events))
    }),
    { numRuns },
  )
}

/** Delivers events in virtual time, while the log expires. */
async function deliverOverTime(deliveries: readonly Delivery[], stores: ExpiringStores): Promise<void> {
  const { dependencies, clock, expire } = stores
  let calls = 0
  for (const { event, at, isReliable } of deliveries) {
    clock.now = at
    await expire(at - retentionDays * dayMs)
    if (isReliable) await applyUntilDone(dependencies, [event])
    // Each unreliable delivery stops at another call.
    else await applyBatch(stopAfter(dependencies, calls++ % 6), [event], unlimited)
  }
}

/** Lets a number of calls succeed, and fails all others. */
function stopAfter(dependencies: ApplyDependencies, calls: number): ApplyDependencies {
  let made = 0
  return failSomeCalls(dependencies, () => (made++ < calls ? 9 : 0))
}
