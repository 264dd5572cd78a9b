import { type EventSource, type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import { orderKey } from '../../core/state/order.ts'
import { expiryOf } from './expiry.ts'
import { keyPart, streamKey, timelineKey } from './keys.ts'

/** An event as an item of the event log (docs/data-model.md). */
export type EventItem = Pick<NorthboundEvent, 'trace_id' | 'event' | 'received_at' | 'source'> & {
  readonly stream: string
  readonly event_key: string
  /** Partition key of the timeline index, where every event is that names a room or a media server. */
  readonly room: string | undefined
  /** Sort key of the timeline index. */
  readonly order_key: string
  /** JSON text: a DynamoDB map cannot hold an empty name, nor can its client handle one such as "constructor". */
  readonly params: string
  /** Set if the event has replaced one with other content (docs/decisions/0002). */
  readonly replaced?: true
  /** Why the event has no effect; quarantined events only. */
  readonly quarantined: string | undefined
  /** Seconds since 1970 (DynamoDB's time to live). */
  readonly expires_at: number
}

/** Characters. The name of an unknown event can have any length; the parameters hold it in full. */
export const maxEventNameLength = 256

export function toEventItem(event: NorthboundEvent, retentionDays: number): EventItem {
  const { trace_id, received_at, source, params } = event
  const aggregate = aggregateOf(event)
  return {
    stream: streamKey(aggregate),
    event_key: keyPart(trace_id),
    room: timelineKey(aggregate),
    // keyPart makes a `trace_id` of any length fit into the key.
    order_key: orderKey({ ...event, trace_id: keyPart(trace_id) }),
    trace_id,
    event: event.event.slice(0, maxEventNameLength).toWellFormed(),
    received_at,
    source,
    params: JSON.stringify(params),
    quarantined: undefined,
    expires_at: expiryOf(received_at, retentionDays),
  }
}

export function fromEventItem({ trace_id, received_at, source, params }: EventItem): NorthboundEvent {
  return parseEvent({ trace_id, received_at, source }, JSON.parse(params))
}

/** What a query of a stream reads of an item, as DynamoDB stores it. */
export type StoredEvent = {
  readonly trace_id: { readonly S: string }
  readonly received_at: { readonly N: string }
  readonly source: { readonly S: EventSource }
  readonly params: { readonly S: string }
}

export function fromStoredEvent(
  { trace_id, received_at, source, params }: StoredEvent,
  parse: typeof parseEvent,
): NorthboundEvent {
  const metadata = { trace_id: trace_id.S, received_at: Number(received_at.N), source: source.S }
  return parse(metadata, JSON.parse(params.S))
}
