import type { EventLog } from '../core/ports/event-log.ts'
import type { ProjectionStore } from '../core/ports/projection-store.ts'
import { type Base, chooseBase } from '../core/projection/checkpoints.ts'
import { pastEntriesSince } from '../core/projection/past-entries.ts'
import type { AggregateHistory, ProjectionRules } from '../core/projection/project.ts'
import type { Projection } from '../core/projection/projection.ts'
import { compactEvent } from '../core/protocol/compact-event.ts'
import type { NorthboundEvent } from '../core/protocol/events.ts'
import { type AggregateId, isRecurring } from '../core/state/aggregate.ts'
import { type CloseMark, continueCloses, noCloses } from '../core/state/closes.ts'
import { historyOf } from '../core/state/fold.ts'
import { timeOfOrder } from '../core/state/order.ts'

export type HistoryStores = {
  readonly log: EventLog
  readonly store: ProjectionStore
  readonly rules: ProjectionRules
  /** ms since 1970 */
  readonly now: () => number
}

type StoredProjection = Pick<Projection, 'aggregate' | 'watermark'>

/**
 * Reads what is needed to fold the projection of an aggregate again.
 *
 * @param from an order key: nothing earlier is concerned; undefined if anything may be.
 */
export async function readHistory(
  stores: HistoryStores,
  projection: StoredProjection,
  from: string | undefined,
  signal: AbortSignal,
): Promise<AggregateHistory> {
  const { aggregate } = projection
  const { base, checkpoints } = await readBase(stores, projection, from, signal)
  const entriesSince = typeof base === 'string' ? 0 : pastEntriesSince(base)
  const [logged, pastEntries] = await Promise.all([
    readLogged(stores, projection, base, signal),
    isRecurring(aggregate) ? stores.store.readPastEntries(aggregate, entriesSince, signal) : [],
  ])
  return { base, ...logged, pastEntries, checkpoints }
}

/** Reads what is needed to replay a history, without the past entries, because a replay changes nothing. */
export async function readReplayedHistory(
  stores: HistoryStores,
  projection: StoredProjection,
  from: string | undefined,
  signal: AbortSignal,
): Promise<Pick<AggregateHistory, 'base' | 'events' | 'closes'>> {
  const { base } = await readBase(stores, projection, from, signal)
  return { base, ...(await readLogged(stores, projection, base, signal)) }
}

async function readBase(
  { store, rules, now }: HistoryStores,
  { aggregate, watermark }: StoredProjection,
  from: string | undefined,
  signal: AbortSignal,
): Promise<Pick<AggregateHistory, 'base' | 'checkpoints'>> {
  const checkpoints = await store.readCheckpoints(aggregate, signal)
  return { base: chooseBase(from, { checkpoints, watermark, now: now() }, rules), checkpoints }
}

async function readLogged(
  stores: HistoryStores,
  { aggregate, watermark }: StoredProjection,
  base: Base,
  signal: AbortSignal,
): Promise<Pick<AggregateHistory, 'events' | 'closes'>> {
  const since = sinceOf(base, watermark)
  const [events, closes] = await Promise.all([
    readEvents(stores.log, aggregate, since, signal),
    aggregate.kind === 'participant' ? readCloses(stores, aggregate.room_id, since, signal) : [],
  ])
  return { events, closes }
}

/**
 * Reads the closes of a room since a time (ms), in order. Older closes that the room still tracks count in their chains, so that
 * these do not change when the log expires.
 *
 * @returns with the older closes that the room still tracks.
 */
export async function readCloses(
  { log, store }: Pick<HistoryStores, 'log' | 'store'>,
  room_id: string,
  since: number,
  signal: AbortSignal,
): Promise<CloseMark[]> {
  const room = { kind: 'room', room_id } as const
  const [events, [projection]] = await Promise.all([
    readEvents(log, room, since, signal, isClose),
    store.read([room], signal),
  ])
  const tracked = projection?.state?.kind === 'room' ? projection.state : noCloses
  return continueCloses(tracked.closes, historyOf(events))
}

function sinceOf(base: Base, watermark: string): number {
  if (base === 'beginning') return 0
  return timeOfOrder(base === 'stored' ? watermark : base.order)
}

function isClose({ data }: NorthboundEvent): boolean {
  return data.event === 'close'
}

async function readEvents(
  log: EventLog,
  aggregate: AggregateId,
  since: number,
  signal: AbortSignal,
  isWanted: (event: NorthboundEvent) => boolean = () => true,
): Promise<NorthboundEvent[]> {
  const events: NorthboundEvent[] = []
  const visitor = (event: NorthboundEvent) => {
    if (isWanted(event)) events.push(compactEvent(event))
  }
  await log.visit(aggregate, since, visitor, signal)
  return events
}
