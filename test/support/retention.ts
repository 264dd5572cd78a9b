import fc from 'fast-check'
import type { MemoryEventLog } from '../../adapters/memory/event-log.ts'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { applyUntilDone, unlimited } from './apply.ts'
import { anyEvent } from './events.ts'
import { failSomeCalls } from './unreliable-stores.ts'

export const dayMs = 86_400_000

/** A delivery of an event at `at` (ms). If it is unreliable, store calls fail; a later delivery then succeeds. */
export type Delivery = { readonly event: NorthboundEvent; readonly at: number; readonly isReliable: boolean }

const maxLateMs = 24 * dayMs
const spanDays = 120

/** ms: clusters of events, because that is when the order within a few seconds matters, with days between them. */
const anyTime = fc
  .tuple(fc.integer({ min: 1, max: spanDays / 4 }), fc.integer({ min: 0, max: 20 }))
  .map(([cluster, step]) => cluster * 4 * dayMs + step * 2_500)

const anyLateness = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: maxLateMs }))

/** Events over four months, delivered up to 24 days late, in the order of their deliveries. */
export const anyLateDeliveries: fc.Arbitrary<Delivery[]> = fc
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

export type Delivering = {
  readonly log: MemoryEventLog
  readonly dependencies: ApplyDependencies
  readonly clock: { now: number }
  readonly retentionDays: number
}

/** Delivers events in virtual time, while the log expires. */
export async function deliverOverTime(
  deliveries: readonly Delivery[],
  { log, dependencies, clock, retentionDays }: Delivering,
): Promise<void> {
  let calls = 0
  for (const { event, at, isReliable } of deliveries) {
    clock.now = at
    log.expire(at - retentionDays * dayMs)
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
