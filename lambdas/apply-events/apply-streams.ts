import pMap from 'p-map'
import type { ProjectionUpdate } from '../../core/projection/fold-into.ts'
import type { ProjectionInput } from '../../core/projection/project.ts'
import { emptyProjection, isOutdated, type Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { roomIdOf, streamOf } from '../../core/state/aggregate.ts'
import { noCloses } from '../../core/state/closes.ts'
import { orderKey, sortBy } from '../../core/state/order.ts'
import type { RoomState } from '../../core/state/room.ts'
import { asError } from '../as-error.ts'
import { orAbort } from '../deadline.ts'
import { appendEvents } from './append-events.ts'
import type { ApplyDependencies } from './dependencies.ts'
import { rejectLateEvents } from './reject-late-events.ts'
import { roomAggregates, roomStates } from './rooms.ts'
import type { StreamBatch } from './stream-batch.ts'
import { flushPendingWrites, projectionConcurrency, updateProjection } from './update-projection.ts'

/** The order keys of the new closes in a batch, by room. */
export type CloseOrders = ReadonlyMap<string, ReadonlySet<string>>

export const noCloseOrders: CloseOrders = new Map()

export function findCloseOrders(batches: readonly StreamBatch[]): CloseOrders {
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

/** Streams whose projections are read together, shortly before they are written: of more, others would change more meanwhile. */
export const maxGroupStreams = 16
export const groupConcurrency = 2

/**
 * Logs and projects the events of each stream.
 *
 * In a storm, concurrent batches have events of the same people. Every batch goes through the streams in the same order, so
 * a batch that started earlier stays ahead of those that started later, whose events are mostly later too (docs/decisions/0035).
 *
 * @param closeOrders closes that came with the events of participants.
 * @returns the projections of the streams that succeeded.
 */
export async function applyStreams(
  dependencies: ApplyDependencies,
  batches: readonly StreamBatch[],
  closeOrders: CloseOrders,
  signal: AbortSignal,
): Promise<Projection[]> {
  const sorted = sortBy(batches, ({ aggregate }) => streamOf(aggregate))
  const groups = Array.from({ length: Math.ceil(sorted.length / maxGroupStreams) }, (_, index) =>
    sorted.slice(index * maxGroupStreams, (index + 1) * maxGroupStreams),
  )
  await pMap(groups, (group) => applyGroup(dependencies, group, closeOrders, signal), { concurrency: groupConcurrency })
  return batches.flatMap(({ update }) => (update === undefined ? [] : [update.projection]))
}

async function applyGroup(
  dependencies: ApplyDependencies,
  batches: readonly StreamBatch[],
  closeOrders: CloseOrders,
  signal: AbortSignal,
): Promise<void> {
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
    return
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
    { concurrency: projectionConcurrency / groupConcurrency },
  )
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
