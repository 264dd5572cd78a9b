import type { AggregateReader, LoggedAggregate, LoggedAggregatePage } from '../../core/ports/aggregate-reader.ts'
import type { EventLog, Holder, QuarantineRecord } from '../../core/ports/event-log.ts'
import { eventId } from '../../core/protocol/event-id.ts'
import { type AggregateId, aggregateOf, roomIdOf, streamOf } from '../../core/state/aggregate.ts'
import { type Conflict, isQuarantined, mergeConflicts, toConflict } from '../../core/state/conflict.ts'

/** Aggregates in a page of `AggregateReader.list`. */
const pageSize = 10

/** An event log in memory, for tests. */
export type MemoryEventLog = EventLog &
  AggregateReader & {
    readonly quarantined: Map<string, QuarantineRecord>
    /** Removes the events that were received before this time (ms), as DynamoDB's time to live does. */
    readonly expire: (before: number) => void
  }

export function memoryEventLog(): MemoryEventLog {
  const streams = new Map<string, Map<string, Holder>>()
  const quarantined = new Map<string, QuarantineRecord>()
  const conflicts = new Map<string, Conflict>()
  const openStream = (aggregate: AggregateId) => {
    const key = streamOf(aggregate)
    const stream = streams.get(key) ?? new Map<string, Holder>()
    streams.set(key, stream)
    return stream
  }
  /** The aggregates with a state that have events, after the cursor. */
  const listAfter = (cursor: string | null): LoggedAggregate[] =>
    [...streams]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([stream]) => cursor === null || stream > cursor)
      .flatMap(([stream, events]) => {
        const [first] = events.values()
        const aggregate = first && aggregateOf(first.event)
        return aggregate === undefined || aggregate.kind === 'other' ? [] : [{ aggregate, cursor: stream }]
      })
  return {
    quarantined,
    expire(before) {
      for (const stream of streams.values())
        for (const { event } of stream.values()) if (event.received_at < before) stream.delete(event.trace_id)
    },
    async list(cursor): Promise<LoggedAggregatePage> {
      const all = listAfter(cursor)
      const items = all.slice(0, pageSize)
      return { items, next: all.length > pageSize ? (items.at(-1)?.cursor ?? null) : null }
    },
    async listOfRoom(roomId, cursor) {
      return { items: listAfter(cursor).filter(({ aggregate }) => roomIdOf(aggregate) === roomId), next: null }
    },
    async hasEvents(aggregate) {
      return openStream(aggregate).size > 0
    },
    async append(event) {
      const stream = openStream(aggregateOf(event))
      const holder = stream.get(event.trace_id)
      if (holder !== undefined) return holder
      stream.set(event.trace_id, { event, hasReplaced: false })
      return 'appended'
    },
    async replace(holder, next) {
      const stream = openStream(aggregateOf(next.event))
      if (stream.get(next.event.trace_id) !== holder) return 'conflict'
      stream.set(next.event.trace_id, next)
      return 'replaced'
    },
    async read(aggregate) {
      return Array.from(openStream(aggregate).values(), ({ event }) => event)
    },
    async visit(aggregate, since, visitor) {
      for (const { event } of openStream(aggregate).values()) if (event.received_at >= since) visitor(event)
    },
    async quarantine(record) {
      const stored = quarantined.get(record.id)
      if (stored === undefined || record.received_at < stored.received_at) quarantined.set(record.id, record)
    },
    async recordConflict(event, rival) {
      const id = `${event.trace_id} ${eventId(event)}`
      const conflict = mergeConflicts(conflicts.get(id), toConflict(event, rival))
      conflicts.set(id, conflict)
      const { received_at } = conflict
      const record = { id, reason: 'trace_id reused with different content', received_at, body: undefined }
      if (isQuarantined(event, conflict)) quarantined.set(id, { ...record, event: { ...event, received_at } })
      else quarantined.delete(id)
    },
  }
}
