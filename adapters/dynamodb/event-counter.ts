import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { EventCounter } from '../../core/ports/event-counter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { queryAll } from './query.ts'

const group = 'event-count'
const minuteMs = 60_000
const shownMinutes = 60
/** Counts are shown for one hour, so they expire after two. */
const ttlSeconds = 2 * 3600

/** The number of the minute, as text that sorts by time. */
function minuteKey(ms: number): string {
  return String(Math.floor(ms / minuteMs)).padStart(12, '0')
}

/**
 * Counts applied events per minute. The count is approximate: a batch that fails after writing its state is not counted.
 */
export function dynamodbEventCounter(client: DynamoDBDocumentClient, stateTable: string): EventCounter {
  return {
    async add(events, now, signal) {
      const command = new UpdateCommand({
        TableName: stateTable,
        Key: { group, item: minuteKey(now) },
        UpdateExpression: `ADD events :events SET ${attributeNames.expiresAt} = :expires, last_at = :now`,
        ExpressionAttributeValues: { ':events': events, ':now': now, ':expires': Math.ceil(now / 1000) + ttlSeconds },
      })
      await client.send(command, requestOptions(signal))
    },
  }
}

/** @returns the number of events applied in the last 60 minutes, and the time (ms) of the last batch. */
export async function readEventsLastHour(
  client: DynamoDBDocumentClient,
  stateTable: string,
  now: number,
  signal?: AbortSignal,
): Promise<{ readonly events: number; readonly last_at: number | undefined }> {
  const query = {
    TableName: stateTable,
    KeyConditionExpression: '#group = :group AND #item > :first',
    ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
    ExpressionAttributeValues: { ':group': group, ':first': minuteKey(now - shownMinutes * minuteMs) },
  }
  const counts = await queryAll<{ readonly events: number; readonly last_at: number }>(client, query, signal)
  return {
    events: counts.reduce((sum, { events }) => sum + events, 0),
    last_at: counts.at(-1)?.last_at,
  }
}
