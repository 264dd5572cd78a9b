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

export function groupByStream(events: Iterable<NorthboundEvent>): StreamBatch[] {
  const batches = new Map<string, StreamBatch>()
  for (const event of events) {
    const aggregate = aggregateOf(event)
    const batch: StreamBatch = batches.get(streamOf(aggregate)) ?? {
      aggregate,
      events: [],
      outcomes: new Map(),
      update: undefined,
      failure: undefined,
    }
    batch.events.push(event)
    batches.set(streamOf(aggregate), batch)
  }
  return [...batches.values()]
}
