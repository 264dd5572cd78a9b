import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { EventLog, QuarantineRecord } from '../../core/ports/event-log.ts'
import { type NorthboundEvent, parseEvent, type Source } from '../../core/protocol/events.ts'
import { type AggregateId, aggregateOf } from '../../core/state/aggregate.ts'
import { orderKey } from '../../core/state/order.ts'
import { keyPart, streamKey } from './keys.ts'

/** An event as an item; `docs/data-model.md` has the table. */
export type EventItem = {
  readonly stream: string
  readonly event_key: string
  /** Partition and sort key of the timeline index; a box has no room and so no timeline. */
  readonly room: string | undefined
  readonly order_key: string
  readonly trace_id: string
  readonly event: string
  readonly received_at: number
  readonly source: Source
  /** JSON: a map of DynamoDB takes neither an empty name nor, through the client, one like "constructor". */
  readonly params: string
  /** Why the event counts for nothing; only on quarantined ones. */
  readonly quarantined: string | undefined
  /** Seconds, for DynamoDB's time to live. */
  readonly expires_at: number
}

export type EventLogOptions = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly retentionDays: number
}

export function dynamodbEventLog({ client, tableName, retentionDays }: EventLogOptions): EventLog {
  const eventItem = (event: NorthboundEvent): EventItem => ({
    stream: streamKey(aggregateOf(event)),
    event_key: keyPart(event.trace_id),
    room: timelineOf(event),
    order_key: timelineOrder(event),
    trace_id: event.trace_id,
    event: event.event,
    received_at: event.received_at,
    source: event.source,
    params: JSON.stringify(event.params),
    quarantined: undefined,
    expires_at: expiry(event.received_at, retentionDays),
  })

  return {
    async append(event) {
      const item = eventItem(event)
      const { stream, event_key } = item
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: item,
            // event_key is the trace_id: the idempotency key.
            ConditionExpression: 'attribute_not_exists(event_key)',
          }),
        )
        return 'appended'
      } catch (error) {
        if (isImpossible(error)) return 'impossible'
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
      const held = await client.send(
        new GetCommand({ TableName: tableName, Key: { stream, event_key }, ConsistentRead: true }),
      )
      // Gone between the two calls: its time to live ended. The next delivery appends it.
      if (held.Item === undefined) throw new Error(`event ${event.trace_id} expired while it was written`)
      return eventOf(held.Item as EventItem)
    },

    async moveEarlier(event) {
      const { stream, event_key, order_key, received_at, expires_at } = eventItem(event)
      try {
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { stream, event_key },
            UpdateExpression: 'SET received_at = :at, order_key = :order, expires_at = :expires',
            ConditionExpression: 'received_at > :at',
            ExpressionAttributeValues: { ':at': received_at, ':order': order_key, ':expires': expires_at },
          }),
        )
      } catch (error) {
        // Somebody else moved it as early or earlier.
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },

    async replace(holder, event) {
      const { received_at, params } = eventItem(holder)
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: eventItem(event),
          ConditionExpression: 'received_at = :at AND params = :params',
          ExpressionAttributeValues: { ':at': received_at, ':params': params },
        }),
      )
    },

    async read(aggregate: AggregateId) {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: '#stream = :stream',
          ExpressionAttributeNames: { '#stream': 'stream' },
          ExpressionAttributeValues: { ':stream': streamKey(aggregate) },
          ConsistentRead: true,
        },
      )
      const events: NorthboundEvent[] = []
      for await (const page of pages) for (const item of page.Items ?? []) events.push(eventOf(item as EventItem))
      return events
    },

    async quarantine({ id, reason, received_at, event, body }: QuarantineRecord) {
      const about = event === undefined ? { received_at } : eventItem(event)
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...about,
            stream: 'quarantine',
            event_key: keyPart(id),
            quarantined: reason,
            body,
            expires_at: expiry(received_at, retentionDays),
          },
        }),
      )
    },
  }
}

/** The item itself is refused, as one too large is: no retry can help. */
function isImpossible(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException'
}

export function eventOf(item: EventItem): NorthboundEvent {
  const { trace_id, received_at, source, params } = item
  return parseEvent({ trace_id, received_at, source }, JSON.parse(params))
}

/** The timeline of a room holds everything that names the room. */
function timelineOf(event: NorthboundEvent): string | undefined {
  const aggregate = aggregateOf(event)
  return 'room_id' in aggregate && aggregate.room_id !== undefined ? keyPart(aggregate.room_id) : undefined
}

/** The order of the contract, with a `trace_id` of any length. */
function timelineOrder(event: NorthboundEvent): string {
  return orderKey({ ...event, trace_id: keyPart(event.trace_id) })
}

/** Seconds since 1970 at which an item received then may go. */
export function expiry(receivedAt: number, retentionDays: number): number {
  return Math.ceil(receivedAt / 1000) + retentionDays * 86_400
}
