import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { collectPastSessions, type PastSession } from '../../core/projection/past-sessions.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, type StatefulAggregateId, streamOf } from '../../core/state/aggregate.ts'
import { closesOf } from '../../core/state/closes.ts'
import { fold, foldSteps, historyOf, type State } from '../../core/state/fold.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import type { Deadline } from '../../lambdas/deadline.ts'
import { limitEventLog, limitProjectionStore } from './strict-stores.ts'

export const rules = { alertWindowMs: 10, retentionDays: 400 }

export const unlimited: Deadline = { remainingMs: () => Number.POSITIVE_INFINITY }

export function memoryDependencies(): ApplyDependencies {
  return {
    log: limitEventLog(memoryEventLog()),
    store: limitProjectionStore(memoryProjectionStore()),
    rules,
    now: () => 0,
  }
}

const maxRounds = 200

const isError = (outcome: unknown) => outcome instanceof Error

/** Applies the events, and repeats this for the events that failed, as the queue does. */
export async function applyUntilDone(
  dependencies: ApplyDependencies,
  events: readonly NorthboundEvent[],
): Promise<void> {
  let pending: readonly NorthboundEvent[] = events
  for (let round = 0; pending.length > 0; round++) {
    const { outcomes } = await applyBatch(dependencies, pending, unlimited)
    pending = pending.filter((event) => isError(outcomes.get(event)))
    if (round > maxRounds) throw new Error('the events still fail', { cause: outcomes.values().find(isError) })
  }
}

/** Rebuilds the projections, and repeats this for those that failed, as the queue does. */
export async function rebuildUntilDone(
  dependencies: ApplyDependencies,
  aggregates: readonly StatefulAggregateId[],
): Promise<void> {
  let pending = aggregates
  for (let round = 0; pending.length > 0; round++) {
    const { rebuilds } = await applyBatch(dependencies, [], unlimited, pending)
    pending = pending.filter((aggregate) => isError(rebuilds.get(streamOf(aggregate))))
    if (round > maxRounds) throw new Error('the rebuilds still fail', { cause: rebuilds.values().find(isError) })
  }
}

/** Reads the stored states of all aggregates that the events belong to, by stream. Compare them with `expectedStates`. */
export async function readStoredStates(
  store: ProjectionStore,
  events: readonly NorthboundEvent[],
): Promise<Map<string, State>> {
  const aggregates = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
  // People in a room imply a state of the room, even if it has no events.
  for (const { kind, ...rest } of [...aggregates.values()].filter((aggregate) => aggregate.kind === 'participant')) {
    const room = { kind: 'room', room_id: rest.room_id } as const
    aggregates.set(streamOf(room), room)
  }
  const stateful = [...aggregates.values()].filter((aggregate) => aggregate.kind !== 'other')
  const projections = await store.read(stateful)
  return new Map(
    projections.flatMap(({ aggregate, state }) => (state === undefined ? [] : [[streamOf(aggregate), state] as const])),
  )
}

/**
 * Reads the stored past sessions of all participants that the events belong to, by stream. Compare them with
 * `expectedSessions`.
 */
export async function readStoredSessions(store: ProjectionStore, events: readonly NorthboundEvent[]) {
  const aggregates = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
  const sessions = new Map<string, PastSession[]>()
  for (const [stream, aggregate] of aggregates) {
    const stored = aggregate.kind === 'participant' ? await store.readPastSessions(aggregate, 0) : []
    if (stored.length === 0) continue
    sessions.set(stream, stored)
  }
  return sessions
}

/** The past sessions by the specification: the whole history of each participant, folded step by step. */
export function expectedSessions(events: readonly NorthboundEvent[]) {
  const streams = Map.groupBy(events, (event) => streamOf(aggregateOf(event)))
  const sessions = new Map<string, PastSession[]>()
  for (const [stream, own] of streams) {
    const aggregate = own[0] && aggregateOf(own[0])
    if (aggregate?.kind !== 'participant') continue
    const room = streamOf({ kind: 'room', room_id: aggregate.room_id })
    const closes = closesOf(historyOf(streams.get(room) ?? []))
    const past = collectPastSessions(foldSteps(undefined, historyOf(own), closes, rules))
    if (past.length > 0) sessions.set(stream, past)
  }
  return sessions
}

/** The states by the specification: the fold of all events. */
export function expectedStates(events: readonly NorthboundEvent[]): Map<string, State> {
  return fold(events, rules)
}
