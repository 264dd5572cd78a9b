import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Period } from '../../core/ports/period.ts'
import type { TimelineEntry } from '../../core/ports/room-reader.ts'
import { timeKey } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { requestOptions } from '../request-options.ts'
import { type EventItem, fromEventItem } from './event-item.ts'
import type { StartKey } from './query.ts'

/**
 * Yields the events of all rooms and media servers that were received in an interval, quarantined ones included, page by page and in
 * no order. Reads the whole timeline index: half a read unit per 4 KB.
 */
export async function* scanTimeline(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  { from, to }: Period,
  signal?: AbortSignal,
): AsyncGenerator<readonly TimelineEntry[], void, undefined> {
  let start: StartKey | undefined
  do {
    const command = new ScanCommand({
      TableName: eventLogTable,
      IndexName: indexes.timeline,
      // An order key begins with the time, so it comes after the text of its time.
      FilterExpression: '#order BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#order': attributeNames.orderKey },
      ExpressionAttributeValues: { ':from': timeKey(from), ':to': timeKey(to) },
      ExclusiveStartKey: start,
    })
    const { Items = [], LastEvaluatedKey } = await client.send(command, requestOptions(signal))
    yield (Items as EventItem[]).map((item) => ({ event: fromEventItem(item), quarantined: item.quarantined }))
    start = LastEvaluatedKey
  } while (start !== undefined)
}
