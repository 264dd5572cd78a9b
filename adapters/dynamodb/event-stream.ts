import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { createEventParser } from '../../core/protocol/event-parser.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import * as attributeNames from '../../names/attributes.ts'
import { fromStoredEvent, type StoredEvent } from './event-item.ts'
import { streamKey } from './keys.ts'
import { queryStored } from './query-stored.ts'

type StreamVisit = {
  readonly aggregate: AggregateId
  /** ms: earlier events are skipped. */
  readonly since: number
  readonly visitor: (event: NorthboundEvent) => void
}

/** Implements `EventLog.visit`. */
export async function visitStream(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  { aggregate, since, visitor }: StreamVisit,
  signal: AbortSignal | undefined,
): Promise<void> {
  const query = buildStreamQuery(eventLogTable, aggregate, since)
  const parse = createEventParser()
  for await (const items of queryStored<StoredEvent>(client, query, signal))
    for (const item of items) visitor(fromStoredEvent(item, parse))
}

/** Implements `EventLog.read`. */
export async function readStream(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  aggregate: AggregateId,
  signal: AbortSignal | undefined,
): Promise<NorthboundEvent[]> {
  const events: NorthboundEvent[] = []
  await visitStream(client, eventLogTable, { aggregate, since: 0, visitor: (event) => events.push(event) }, signal)
  return events
}

/** @param since ms: earlier events are skipped. The sort key is the `trace_id`, so DynamoDB reads them, but returns none. */
function buildStreamQuery(tableName: string, aggregate: AggregateId, since: number): QueryCommandInput {
  return {
    TableName: tableName,
    KeyConditionExpression: '#stream = :stream',
    ProjectionExpression: 'trace_id, received_at, #source, params',
    ExpressionAttributeNames: { '#stream': attributeNames.stream, '#source': 'source' },
    ExpressionAttributeValues: { ':stream': streamKey(aggregate), ...(since > 0 && { ':since': since }) },
    ...(since > 0 && { FilterExpression: 'received_at >= :since' }),
    ConsistentRead: true,
  }
}
