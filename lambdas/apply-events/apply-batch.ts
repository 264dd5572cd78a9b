import pMap from 'p-map'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import { fingerprint } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { noCloses } from '../../core/state/closes.ts'
import type { Step } from '../../core/state/fold.ts'
import { orderKey } from '../../core/state/order.ts'
import type { RoomState } from '../../core/state/room.ts'
import { appendEvents, asError, type Outcome } from './append-events.ts'
import { endSessionsAtCloses } from './end-sessions.ts'
import { roomAggregates, roomOf, roomStates } from './rooms.ts'
import { type Dependencies, projectionConcurrency, type Updated, updateProjection } from './update-projection.ts'

export type Applied = {
  /** Of every event that was given. */
  readonly outcomes: ReadonlyMap<NorthboundEvent, Outcome>
  /** What others may be told: the distinct events that are in the log and in the state. */
  readonly news: readonly AppliedEvent[]
}

export type AppliedEvent = {
  readonly event: NorthboundEvent
  /** What it did; undefined where it was folded before. */
  readonly step: Step | undefined
  /** Of its aggregate, as it is stored now. */
  readonly projection: Projection
  /** Whose messages are to be tried again where somebody could not be told. */
  readonly because: readonly NorthboundEvent[]
}

/** The events of one aggregate in a batch, and what is known of them so far. */
export type Share = {
  readonly aggregate: AggregateId
  readonly events: NorthboundEvent[]
  readonly outcomes: Map<NorthboundEvent, Outcome>
  /** What became of the aggregate, once its state is stored. */
  updated: Updated | undefined
  /** Set where the aggregate's state could not be written: then all its events are to be tried again. */
  failure: Error | undefined
}

/** ms for log and projections, and again for ending sessions; what is left of the function's minute is for telling others. */
const applyingMs = 20_000

/**
 * Applies a batch of events: the log first, then the state, one read and one write a aggregate.
 *
 * Rooms go before the people in them, because a room's close ends their sessions. Two batches may still pass each
 * other, one writing a close, the other a session. So each looks at the other's side *after* writing its own:
 * whoever wrote last sees both.
 *
 * Never throws for a single event.
 */
export async function applyBatch(dependencies: Dependencies, events: readonly NorthboundEvent[]): Promise<Applied> {
  const copies = collapse(events)
  const shares = [...groupByStream([...copies.keys()]).values()]
  const people = shares.filter((share) => share.aggregate.kind === 'participant')
  const others = shares.filter((share) => share.aggregate.kind !== 'participant')
  const ms = dependencies.applyingMs ?? applyingMs
  const projections = await withExpiry(ms, async (expired) => {
    await applyShares(dependencies, others, expired)
    return applyShares(dependencies, people, expired)
  })
  try {
    await withExpiry(ms, (expired) => Promise.race([endSessionsAtCloses(dependencies, shares, projections), expired]))
  } catch (error) {
    for (const share of shares)
      if (share.aggregate.kind === 'participant' || share.aggregate.kind === 'room') share.failure = asError(error)
  }
  const outcomes = new Map<NorthboundEvent, Outcome>()
  for (const share of shares)
    for (const event of share.events) {
      const outcome = share.failure ?? share.outcomes.get(event) ?? new Error('the event was not reached')
      for (const [index, copy] of (copies.get(event) ?? []).entries())
        outcomes.set(copy, index === 0 || outcome instanceof Error ? outcome : 'duplicate')
    }
  return { outcomes, news: shares.flatMap(newsOf) }
}

/** @param work is handed what rejects after so many ms. */
async function withExpiry<Result>(ms: number, work: (expired: Promise<never>) => Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  // Nobody may be waiting when it happens.
  promise.catch(() => undefined)
  const timer = setTimeout(() => reject(new Error('there was no time left to apply the event')), ms)
  try {
    return await work(promise)
  } finally {
    clearTimeout(timer)
  }
}

function newsOf({ events, outcomes, updated, failure }: Share): AppliedEvent[] {
  if (updated === undefined || failure !== undefined) return []
  const { projection } = updated
  const steps = new Map(updated.steps.map((step) => [step.event?.trace_id, step]))
  const applied = events.filter((event) => {
    const outcome = outcomes.get(event)
    return outcome !== undefined && outcome !== 'quarantined' && !(outcome instanceof Error)
  })
  return [
    ...applied.map((event) => ({ event, step: steps.get(event.trace_id), projection, because: [event] })),
    ...updated.changed.flatMap((step) =>
      step.event === undefined ? [] : [{ event: step.event, step, projection, because: applied }],
    ),
  ]
}

/** Copies of one event become one, the earliest; the key stands for all its copies, itself first. */
function collapse(events: readonly NorthboundEvent[]): Map<NorthboundEvent, NorthboundEvent[]> {
  const byContent = Map.groupBy(events, fingerprint)
  const copies = new Map<NorthboundEvent, NorthboundEvent[]>()
  for (const group of byContent.values()) {
    const sorted = group.toSorted((a, b) => a.received_at - b.received_at)
    if (sorted[0] !== undefined) copies.set(sorted[0], sorted)
  }
  return copies
}

function groupByStream(events: readonly NorthboundEvent[]): Map<string, Share> {
  const shares = new Map<string, Share>()
  for (const event of events) {
    const aggregate = aggregateOf(event)
    const key = streamOf(aggregate)
    const share: Share = shares.get(key) ?? {
      aggregate,
      events: [],
      outcomes: new Map(),
      updated: undefined,
      failure: undefined,
    }
    share.events.push(event)
    shares.set(key, share)
  }
  return shares
}

/** Logs and folds each share; returns the projections of those that went well. */
async function applyShares(
  dependencies: Dependencies,
  shares: readonly Share[],
  expired: Promise<never>,
): Promise<Projection[]> {
  if (shares.length === 0) return []
  let projections: Projection[]
  let rooms: Map<string, RoomState>
  try {
    // One request for all: the projections and, for people, their rooms.
    const stateful = shares.filter((share) => share.aggregate.kind !== 'other').map((share) => share.aggregate)
    const roomIds = stateful.flatMap((aggregate) => (aggregate.kind === 'participant' ? [aggregate.room_id] : []))
    const read = await Promise.race([dependencies.store.read([...stateful, ...roomAggregates(roomIds)]), expired])
    projections = read.slice(0, stateful.length)
    rooms = roomStates(read.slice(stateful.length))
  } catch (error) {
    for (const share of shares) share.failure = asError(error)
    return []
  }
  const projectionOf = new Map(projections.map((projection) => [streamOf(projection.aggregate), projection]))
  await pMap(
    shares,
    async (share) => {
      const projection = projectionOf.get(streamOf(share.aggregate)) ?? emptyProjection(share.aggregate)
      try {
        const applied = applyShare(dependencies, share, projection, rooms.get(roomOf(share.aggregate)))
        // What goes on after that does no harm: it is tried again, and applies once.
        share.updated = await Promise.race([applied, expired])
      } catch (error) {
        share.failure = asError(error)
      }
    },
    { concurrency: projectionConcurrency },
  )
  return shares.flatMap(({ updated }) => (updated === undefined ? [] : [updated.projection]))
}

async function applyShare(
  dependencies: Dependencies,
  share: Share,
  projection: Projection,
  room: RoomState | undefined,
): Promise<Updated> {
  const { appended, unconfirmedDuplicates, outcomes } = await appendEvents(dependencies.log, projection, share.events)
  for (const [event, outcome] of outcomes) share.outcomes.set(event, outcome)
  for (const event of appended) if (orderKey(event) <= projection.watermark) share.outcomes.set(event, 'stale')
  if (share.aggregate.kind === 'other' || appended.length + unconfirmedDuplicates.length === 0)
    return { projection, steps: [], changed: [] }
  return updateProjection(dependencies, projection, { appended, unconfirmedDuplicates, closes: room ?? noCloses })
}
