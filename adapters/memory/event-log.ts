import type { EventLog, QuarantineRecord } from '../../core/ports/event-log.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from '../../core/state/aggregate.ts'

/** An event log in memory, for tests. */
export type MemoryEventLog = EventLog & {
  readonly quarantined: Map<string, QuarantineRecord>
  /** Removes the events that were received before this time (ms), as DynamoDB's time to live does. */
  readonly expire: (before: number) => void
}

export function memoryEventLog(): MemoryEventLog {
  const streams = new Map<string, Map<string, NorthboundEvent>>()
  const quarantined = new Map<string, QuarantineRecord>()
  const openStream = (aggregate: AggregateId) => {
    const key = streamOf(aggregate)
    const stream = streams.get(key) ?? new Map<string, NorthboundEvent>()
    streams.set(key, stream)
    return stream
  }
  return {
    quarantined,
    expire(before) {
      for (const stream of streams.values())
        for (const { trace_id, received_at } of stream.values()) if (received_at < before) stream.delete(trace_id)
    },
    async append(event) {
      const stream = openStream(aggregateOf(event))
      const holder = stream.get(event.trace_id)
      if (holder !== undefined) return holder
      stream.set(event.trace_id, event)
      return 'appended'
    },
    async moveEarlier(event) {
      const stream = openStream(aggregateOf(event))
      const holder = stream.get(event.trace_id)
      if (holder !== undefined && event.received_at < holder.received_at)
        stream.set(event.trace_id, { ...holder, received_at: event.received_at })
    },
    async replace(holder, event) {
      const stream = openStream(aggregateOf(event))
      if (stream.get(event.trace_id) !== holder) throw new Error('the holder has changed')
      stream.set(event.trace_id, event)
    },
    async read(aggregate) {
      return [...openStream(aggregate).values()]
    },
    async visit(aggregate, since, visitor) {
      for (const event of openStream(aggregate).values()) if (event.received_at >= since) visitor(event)
    },
    async quarantine(record) {
      quarantined.set(record.id, record)
    },
  }
}
