import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { AggregateReader, LoggedAggregate } from '../../core/ports/aggregate-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import { sortBy } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { requestOptions } from '../request-options.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { type EventItem, fromEventItem } from './event-item.ts'
import { streamKey, timelineKeys } from './keys.ts'
import { queryEach, queryPage } from './query.ts'

/** Sorts after every event key: a key part has at most 200 bytes, and this has 256 bytes of the last character. */
const afterAllEventKeys = '\u{10FFFF}'.repeat(64)

export function dynamodbAggregateReader(client: DynamoDBDocumentClient, eventLogTable: string): AggregateReader {
  /** Reads a partition of a timeline. @returns one event of each stream that comes after `after`. */
  async function firstOfPartition(key: string, after: string, signal: AbortSignal | undefined): Promise<EventItem[]> {
    const query = {
      TableName: eventLogTable,
      IndexName: indexes.timeline,
      KeyConditionExpression: `${attributeNames.room} = :room`,
      ExpressionAttributeValues: { ':room': key },
    }
    const first = new Map<string, EventItem>()
    for await (const item of queryEach<EventItem>(client, query, signal))
      if (item.stream > after && !first.has(item.stream)) first.set(item.stream, item)
    return [...first.values()]
  }

  return {
    async list(cursor, signal) {
      const stream = cursor === null ? undefined : parseStreamCursor(cursor)
      // A scan returns the items of a stream one after another. Continuing after all possible keys of a stream skips what the
      // page before did not read of it.
      const ExclusiveStartKey = stream === undefined ? undefined : { stream, event_key: afterAllEventKeys }
      const command = new ScanCommand({ TableName: eventLogTable, ExclusiveStartKey })
      const { Items = [], LastEvaluatedKey } = await client.send(command, requestOptions(signal))
      const first = firstOfEachStream(Items as EventItem[])
      const items = [...first.values()].flatMap(toLoggedAggregate)
      return { items, next: LastEvaluatedKey === undefined ? null : encodeCursor([LastEvaluatedKey.stream]) }
    },

    async listOfRoom(roomId, cursor, signal) {
      const after = cursor === null ? '' : parseStreamCursor(cursor)
      const partitions = timelineKeys(roomId).map((key) => firstOfPartition(key, after, signal))
      // A stream is in one partition, except that older entries of all are in the first.
      const first = firstOfEachStream((await Promise.all(partitions)).flat())
      const sorted = sortBy(first.values(), ({ stream }) => stream)
      return { items: sorted.flatMap(toLoggedAggregate), next: null }
    },

    async hasEvents(aggregate, signal) {
      const query = {
        TableName: eventLogTable,
        KeyConditionExpression: '#stream = :stream',
        ExpressionAttributeNames: { '#stream': attributeNames.stream },
        ExpressionAttributeValues: { ':stream': streamKey(aggregate) },
        Limit: 1,
      }
      return (await queryPage<EventItem>(client, query, undefined, signal)).items.length > 0
    },
  }
}

function firstOfEachStream(items: readonly EventItem[]): Map<string, EventItem> {
  const first = new Map<string, EventItem>()
  for (const item of items) if (!first.has(item.stream)) first.set(item.stream, item)
  return first
}

/** Returns an empty list for a stream without a state, and for quarantined events. */
function toLoggedAggregate(item: EventItem): LoggedAggregate[] {
  if (item.quarantined !== undefined) return []
  const aggregate = aggregateOf(fromEventItem(item))
  return aggregate.kind === 'other' ? [] : [{ aggregate, cursor: encodeCursor([item.stream]) }]
}

/** @throws InvalidCursorError */
function parseStreamCursor(cursor: string): string {
  const [stream, ...others] = parseCursor(cursor)
  if (typeof stream !== 'string' || stream === '' || others.length > 0) throw new InvalidCursorError()
  return stream
}
