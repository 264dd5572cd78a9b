import pMap from 'p-map'
import type { ProjectionUpdate } from '../../core/projection/fold-into.ts'
import type { ProjectionInput } from '../../core/projection/project.ts'
import { emptyProjection, isOutdated, type Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { roomIdOf, type StatefulAggregateId, streamOf } from '../../core/state/aggregate.ts'
import { noCloses } from '../../core/state/closes.ts'
import { orderKey } from '../../core/state/order.ts'
import type { RoomState } from '../../core/state/room.ts'
import { asError } from '../as-error.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { type ApplyOutcome, appendEvents } from './append-events.ts'
import { type AppliedEvent, findAppliedEvents, findEarlyCloseEnds } from './applied-events.ts'
import { applyBudgetMs } from './budgets.ts'
import type { CloseEnd } from './close-ends.ts'
import type { ApplyDependencies } from './dependencies.ts'
import { endSessionsAtCloses, noCheckedSessions } from './end-sessions.ts'
import { rejectLateEvents } from './reject-late-events.ts'
import { roomAggregates, roomStates } from './rooms.ts'
import { settleRooms } from './settle-rooms.ts'
import { dedupe, groupByStream, type StreamBatch } from './stream-batch.ts'
import { flushPendingWrites, projectionConcurrency, updateProjection } from './update-projection.ts'

export type BatchResult = {
  /** The outcome of every event in the batch. */
  readonly outcomes: ReadonlyMap<NorthboundEvent, ApplyOutcome>
  /** The distinct events that are in the log and in the state, for publishing. */
  readonly appliedEvents: readonly AppliedEvent[]
  /** The sessions that closes ended, for publishing. */
  readonly closeEnds: readonly CloseEnd[]
  /** The outcome of each rebuild, by stream. An Error: it must be retried. */
  readonly rebuilds: ReadonlyMap<string, 'rebuilt' | Error>
}

/** Reason for retrying the events that were not applied in time. */
const timeoutMessage = 'no time was left to apply the event'

/**
 * Applies a batch of events: first the log, then the projections, with one read and one write per stream.
 *
 * Rooms come before the participants in them, because a close of the room ends their sessions. Two concurrent batches can
 * still miss each other, one writing a close and the other a session. Therefore each batch reads the other side after its
 * own write, and the batch that writes last sees both.
 *
 * Never throws because of a single event.
 *
 * @param rebuilds aggregates whose projections are folded again from the log.
 */
export async function applyBatch(
  dependencies: ApplyDependencies,
  events: readonly NorthboundEvent[],
  deadline: Deadline,
  rebuilds: readonly StatefulAggregateId[] = [],
): Promise<BatchResult> {
  const duplicates = dedupe(events)
  const batches = groupByStream(duplicates.keys(), rebuilds)
  const participants = batches.filter(({ aggregate }) => aggregate.kind === 'participant')
  const others = batches.filter(({ aggregate }) => aggregate.kind !== 'participant')
  const projections = await withBudget(applyBudgetMs(deadline), timeoutMessage, async (signal) => {
    await applyStreams(dependencies, others, noCloseOrders, signal)
    return applyStreams(dependencies, participants, findCloseOrders(others), signal)
  })
  let checked = noCheckedSessions()
  try {
    await withBudget(applyBudgetMs(deadline), timeoutMessage, async (signal) => {
      checked = await orAbort(endSessionsAtCloses(dependencies, batches, projections, signal), signal)
      await orAbort(settleRooms(dependencies, batches, checked, signal), signal)
    })
  } catch (error) {
    for (const batch of batches)
      if (batch.aggregate.kind === 'participant' || batch.aggregate.kind === 'room') batch.failure = asError(error)
  }
  return {
    outcomes: outcomesOf(batches, duplicates),
    appliedEvents: batches.flatMap((batch) => findAppliedEvents(batch, checked)),
    closeEnds: [...batches.flatMap((batch) => findEarlyCloseEnds(batch, checked)), ...checked.closeEnds],
    rebuilds: new Map(batches.map(({ aggregate, failure }) => [streamOf(aggregate), failure ?? 'rebuilt'])),
  }
}

/** The order keys of the new closes in a batch, by room. */
type CloseOrders = ReadonlyMap<string, ReadonlySet<string>>

const noCloseOrders: CloseOrders = new Map()

function findCloseOrders(batches: readonly StreamBatch[]): CloseOrders {
  const rooms = batches.filter(({ aggregate }) => aggregate.kind === 'room')
  return new Map(
    rooms.map(({ aggregate, events, outcomes }) => {
      // A redelivered close may have been published.
      const isNew = (event: NorthboundEvent) => ['applied', 'stale'].includes(String(outcomes.get(event)))
      const closes = events.filter((event) => event.data.event === 'close' && isNew(event))
      return [roomIdOf(aggregate), new Set(closes.map(orderKey))]
    }),
  )
}

/**
 * Logs and projects the events of each stream.
 *
 * @param closeOrders closes that came with the events of participants.
 * @returns the projections of the streams that succeeded.
 */
async function applyStreams(
  dependencies: ApplyDependencies,
  batches: readonly StreamBatch[],
  closeOrders: CloseOrders,
  signal: AbortSignal,
): Promise<Projection[]> {
  if (batches.length === 0) return []
  let projections: Projection[]
  let rooms: Map<string, RoomState>
  try {
    // One request reads all projections and, for participants, their rooms.
    const stateful = batches.map(({ aggregate }) => aggregate).filter(({ kind }) => kind !== 'other')
    const roomIds = stateful.flatMap((aggregate) => (aggregate.kind === 'participant' ? [aggregate.room_id] : []))
    const read = await orAbort(dependencies.store.read([...stateful, ...roomAggregates(roomIds)], signal), signal)
    projections = read.slice(0, stateful.length)
    rooms = roomStates(read.slice(stateful.length))
  } catch (error) {
    for (const batch of batches) batch.failure = asError(error)
    return []
  }
  const projectionByStream = new Map(projections.map((projection) => [streamOf(projection.aggregate), projection]))
  await pMap(
    batches,
    async (batch) => {
      const projection = projectionByStream.get(streamOf(batch.aggregate)) ?? emptyProjection(batch.aggregate)
      const roomId = roomIdOf(batch.aggregate)
      const closes = { closes: rooms.get(roomId) ?? noCloses, seenCloses: closeOrders.get(roomId) }
      try {
        // Work that continues after the deadline does no harm: the events are retried, and count once.
        batch.update = await orAbort(applyStream(dependencies, batch, projection, closes, signal), signal)
      } catch (error) {
        batch.failure = asError(error)
      }
    },
    { concurrency: projectionConcurrency },
  )
  return batches.flatMap(({ update }) => (update === undefined ? [] : [update.projection]))
}

async function applyStream(
  dependencies: ApplyDependencies,
  batch: StreamBatch,
  projection: Projection,
  closes: Pick<ProjectionInput, 'closes' | 'seenCloses'>,
  signal: AbortSignal,
): Promise<ProjectionUpdate> {
  const rejected = await rejectLateEvents(dependencies, projection, batch.events, signal)
  for (const event of rejected) batch.outcomes.set(event, 'too_late')
  const accepted = batch.events.filter((event) => !rejected.includes(event))
  const result = await appendEvents(dependencies.log, projection, accepted, signal)
  const { appended, unconfirmedDuplicates, replacements, outcomes } = result
  batch.replacements.push(...replacements)
  for (const [event, outcome] of outcomes) batch.outcomes.set(event, outcome)
  for (const event of appended) if (orderKey(event) <= projection.watermark) batch.outcomes.set(event, 'stale')
  if (isOutdated(projection)) batch.forceRebuild = true
  const { forceRebuild } = batch
  const isUnchanged = appended.length + unconfirmedDuplicates.length + replacements.length === 0 && !forceRebuild
  const input = { appended, unconfirmedDuplicates, replacements, ...closes, forceRebuild }
  const update =
    batch.aggregate.kind === 'other' || isUnchanged
      ? { projection, steps: [], changedEnds: [] }
      : await updateProjection(dependencies, projection, input, signal)
  // Past sessions are written after the last change of this batch, a close of the room.
  if (batch.aggregate.kind === 'recording') await flushPendingWrites(dependencies, update.projection, signal)
  return update
}

/** The first of several duplicates gets the outcome, the others get `duplicate`. A failure applies to all of them. */
function outcomesOf(
  batches: readonly StreamBatch[],
  duplicates: ReadonlyMap<NorthboundEvent, readonly NorthboundEvent[]>,
): Map<NorthboundEvent, ApplyOutcome> {
  const result = new Map<NorthboundEvent, ApplyOutcome>()
  for (const { events, outcomes, failure } of batches)
    for (const event of events) {
      const outcome = failure ?? outcomes.get(event) ?? new Error('the event was not processed')
      for (const [index, duplicate] of (duplicates.get(event) ?? []).entries())
        result.set(duplicate, index === 0 || outcome instanceof Error ? outcome : 'duplicate')
    }
  return result
}
