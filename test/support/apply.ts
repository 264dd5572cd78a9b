import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import { memoryStateStore } from '../../adapters/memory/state-store.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { fold, type State } from '../../core/state/fold.ts'
import { subjectKey, subjectOf } from '../../core/state/subject.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { StateStore } from '../../lambdas/apply-events/stores.ts'
import type { Dependencies } from '../../lambdas/apply-events/update-view.ts'

export const rules = { alertWindowMs: 10 }

export function memoryDependencies(): Dependencies {
  return { log: memoryEventLog(), store: memoryStateStore(), rules }
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
export async function storedStates(store: StateStore, events: readonly NorthboundEvent[]): Promise<Map<string, State>> {
  const subjects = new Map(events.map((event) => [subjectKey(subjectOf(event)), subjectOf(event)]))
  const stateful = [...subjects.values()].filter((subject) => subject.kind !== 'other')
  const views = await store.read(stateful)
  return new Map(
    views.flatMap(({ subject, state }) => (state === undefined ? [] : [[subjectKey(subject), state] as const])),
  )
}

export function expectedStates(events: readonly NorthboundEvent[]): Map<string, State> {
  return fold(events, rules)
}
