import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import {
  findPastChanges,
  isPastSession,
  mergeChanges,
  type PastEntry,
  pastEntryKey,
} from '../../core/projection/past-entries.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, isRecurring, type StatefulAggregateId, streamOf } from '../../core/state/aggregate.ts'
import { closesOf } from '../../core/state/closes.ts'
import { fold, foldSteps, historyOf, type State, type Step } from '../../core/state/fold.ts'
import { sortBy } from '../../core/state/order.ts'
import type { PastSession } from '../../core/state/session.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import type { Deadline } from '../../lambdas/deadline.ts'
import { limitEventLog, limitProjectionStore } from './strict-stores.ts'

export const rules = { alertWindowMs: 10, retentionDays: 400, timeZone: 'Asia/Shanghai' }

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
 * Reads the stored past sessions and recordings of all aggregates that the events belong to, by stream and sorted by key.
 * Compare them with `expectedPastEntries`.
 */
export async function readStoredPastEntries(
  store: ProjectionStore,
  events: readonly NorthboundEvent[],
): Promise<Map<string, PastEntry[]>> {
  const aggregates = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
  const entries = new Map<string, PastEntry[]>()
  for (const [stream, aggregate] of aggregates) {
    const stored = isRecurring(aggregate) ? await store.readPastEntries(aggregate, 0) : []
    if (stored.length > 0) entries.set(stream, stored)
  }
  return entries
}

/** The past sessions and recordings by the specification: the whole history of each aggregate, folded step by step. */
export function expectedPastEntries(events: readonly NorthboundEvent[]): Map<string, PastEntry[]> {
  const streams = Map.groupBy(events, (event) => streamOf(aggregateOf(event)))
  const entries = new Map<string, PastEntry[]>()
  for (const [stream, own] of streams) {
    const aggregate = own[0] && aggregateOf(own[0])
    if (aggregate === undefined || !isRecurring(aggregate)) continue
    const room = aggregate.kind === 'participant' ? streamOf({ kind: 'room', room_id: aggregate.room_id }) : ''
    const closes = closesOf(historyOf(streams.get(room) ?? []))
    const past = collectPastEntries(foldSteps(undefined, historyOf(own), closes, rules))
    if (past.length > 0) entries.set(stream, past)
  }
  return entries
}

/** The past entries of one aggregate after these steps, each as it was last, sorted by key. */
export function collectPastEntries(steps: readonly Step[]): PastEntry[] {
  const changes = mergeChanges(steps.flatMap(findPastChanges))
  return sortBy(
    changes.flatMap(({ entry }) => entry ?? []),
    pastEntryKey,
  )
}

/** The past sessions among the stored past entries, by stream. */
export async function readStoredSessions(store: ProjectionStore, events: readonly NorthboundEvent[]) {
  return selectSessions(await readStoredPastEntries(store, events))
}

/** The past sessions by the specification, by stream. */
export function expectedSessions(events: readonly NorthboundEvent[]): Map<string, PastSession[]> {
  return selectSessions(expectedPastEntries(events))
}

function selectSessions(entries: ReadonlyMap<string, readonly PastEntry[]>): Map<string, PastSession[]> {
  return new Map(
    [...entries].flatMap(([stream, past]) => {
      const sessions = past.filter(isPastSession)
      return sessions.length === 0 ? [] : [[stream, sessions] as const]
    }),
  )
}

/** The states by the specification: the fold of all events. */
export function expectedStates(events: readonly NorthboundEvent[]): Map<string, State> {
  return fold(events, rules)
}
