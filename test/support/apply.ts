import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import { memoryStateStore } from '../../adapters/memory/state-store.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { closesOf } from '../../core/state/closes.ts'
import { fold, history, type State, steps } from '../../core/state/fold.ts'
import { type PastSession, pastSessions } from '../../core/state/sessions.ts'
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

/** The past sessions of everybody whom the events are about, by subject key and in order; to be compared with the next. */
export async function storedSessions(store: StateStore, events: readonly NorthboundEvent[]) {
  const people = new Map(events.map((event) => [subjectKey(subjectOf(event)), subjectOf(event)]))
  const sessions = new Map<string, PastSession[]>()
  for (const [key, subject] of people) {
    const own = subject.kind === 'participant' ? await store.readPastSessions(subject) : []
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
  const streams = Map.groupBy(events, (event) => subjectKey(subjectOf(event)))
  const sessions = new Map<string, PastSession[]>()
  for (const [key, own] of streams) {
    const subject = own[0] && subjectOf(own[0])
    if (subject?.kind !== 'participant') continue
    const room = subjectKey({ kind: 'room', room_id: subject.room_id })
    const past = pastSessions(steps(undefined, history(own), closesOf(history(streams.get(room) ?? [])), rules))
    if (past.length > 0) sessions.set(key, past)
  }
  return sessions
}

export function expectedStates(events: readonly NorthboundEvent[]): Map<string, State> {
  return fold(events, rules)
}
