import type { ProjectionUpdate } from '../../core/projection/fold-into.ts'
import { fingerprint } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import type { ApplyOutcome } from './append-events.ts'

/** The events of one stream in a batch, and what is known about them so far. */
export type StreamBatch = {
  readonly aggregate: AggregateId
  readonly events: NorthboundEvent[]
  readonly outcomes: Map<NorthboundEvent, ApplyOutcome>
  /** Whether the projection is folded again from the log: by a command, or because it is outdated. */
  forceRebuild: boolean
  /** Events that have replaced another one of the same `trace_id`, which may have had effects on other aggregates. */
  readonly replacements: NorthboundEvent[]
  /** Set when the projection has been stored. */
  update: ProjectionUpdate | undefined
  /** Set if the projection could not be stored: all events of the stream must be retried. */
  failure: Error | undefined
}

/** Groups duplicates under the one that was received first. Each group starts with its key. */
export function dedupe(events: readonly NorthboundEvent[]): Map<NorthboundEvent, NorthboundEvent[]> {
  const duplicates = new Map<NorthboundEvent, NorthboundEvent[]>()
  for (const group of Map.groupBy(events, fingerprint).values()) {
    const sorted = group.toSorted((a, b) => a.received_at - b.received_at)
    if (sorted[0] !== undefined) duplicates.set(sorted[0], sorted)
  }
  return duplicates
}

/** @param rebuilds aggregates to fold again, whether or not there are events of them. */
export function groupByStream(events: Iterable<NorthboundEvent>, rebuilds: readonly AggregateId[]): StreamBatch[] {
  const batches = new Map<string, StreamBatch>()
  const batchOf = (aggregate: AggregateId) => {
    const stream = streamOf(aggregate)
    const batch = batches.get(stream) ?? createStreamBatch(aggregate)
    batches.set(stream, batch)
    return batch
  }
  for (const event of events) batchOf(aggregateOf(event)).events.push(event)
  for (const aggregate of rebuilds) batchOf(aggregate).forceRebuild = true
  return [...batches.values()]
}

function createStreamBatch(aggregate: AggregateId): StreamBatch {
  return {
    aggregate,
    events: [],
    outcomes: new Map(),
    forceRebuild: false,
    replacements: [],
    update: undefined,
    failure: undefined,
  }
}
