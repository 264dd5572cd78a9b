import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { collectPastSessions, type PastSession } from '../../core/projection/past-sessions.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { closesOf } from '../../core/state/closes.ts'
import { fold, history, type State, steps } from '../../core/state/fold.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { Dependencies } from '../../lambdas/apply-events/update-projection.ts'

export const rules = { alertWindowMs: 10 }

export function memoryDependencies(): Dependencies {
  return { log: memoryEventLog(), store: memoryProjectionStore(), rules }
}

/** Delivers until nothing fails any more, as the queue does. */
export async function applyUntilDone(dependencies: Dependencies, events: readonly NorthboundEvent[]): Promise<void> {
  let pending: readonly NorthboundEvent[] = events
  for (let round = 0; pending.length > 0; round++) {
    const { outcomes } = await applyBatch(dependencies, pending)
    pending = pending.filter((event) => outcomes.get(event) instanceof Error)
    if (round > 200) throw new Error(`still failing: ${String(outcomes.get(pending[0] as NorthboundEvent))}`)
  }
}

/** The states of everything the events are about, as stored; to be compared with `expectedStates`. */
export async function storedStates(
  store: ProjectionStore,
  events: readonly NorthboundEvent[],
): Promise<Map<string, State>> {
  const aggregates = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
  const stateful = [...aggregates.values()].filter((aggregate) => aggregate.kind !== 'other')
  const projections = await store.read(stateful)
  return new Map(
    projections.flatMap(({ aggregate, state }) => (state === undefined ? [] : [[streamOf(aggregate), state] as const])),
  )
}

/** The past sessions of everybody whom the events are about, by aggregate key and in order; to be compared with the next. */
export async function storedSessions(store: ProjectionStore, events: readonly NorthboundEvent[]) {
  const people = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
  const sessions = new Map<string, PastSession[]>()
  for (const [key, aggregate] of people) {
    const own = aggregate.kind === 'participant' ? await store.readPastSessions(aggregate) : []
    if (own.length > 0)
      sessions.set(
        key,
        own.toSorted((a, b) => a.joined_at - b.joined_at),
      )
  }
  return sessions
}

/** The same as the specification has it: each person's whole history, folded step by step. */
export function expectedSessions(events: readonly NorthboundEvent[]) {
  const streams = Map.groupBy(events, (event) => streamOf(aggregateOf(event)))
  const sessions = new Map<string, PastSession[]>()
  for (const [key, own] of streams) {
    const aggregate = own[0] && aggregateOf(own[0])
    if (aggregate?.kind !== 'participant') continue
    const room = streamOf({ kind: 'room', room_id: aggregate.room_id })
    const past = collectPastSessions(steps(undefined, history(own), closesOf(history(streams.get(room) ?? [])), rules))
    if (past.length > 0) sessions.set(key, past)
  }
  return sessions
}

export function expectedStates(events: readonly NorthboundEvent[]): Map<string, State> {
  return fold(events, rules)
}
