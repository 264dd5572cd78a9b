import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { EventCounter } from '../../core/ports/event-counter.ts'

const group = 'event-count'
const minute = 60_000
const minutesShown = 60
/** Seconds after which a minute's count is of no use to anybody. */
const countLife = 2 * 3600

/** Sorts as text like the minutes themselves. */
function minuteKey(at: number): string {
  return String(Math.floor(at / minute)).padStart(12, '0')
}

/**
 * Counts applied events by the minute of their application: a figure for people, good to a batch (one that dies between
 * the state and the count is not counted).
 */
export function dynamodbEventCounter(client: DynamoDBDocumentClient, stateTable: string): EventCounter {
  return {
    async add(events, now) {
      await client.send(
        new UpdateCommand({
          TableName: stateTable,
          Key: { group, item: minuteKey(now) },
          UpdateExpression: 'ADD events :events SET expires_at = :expires, last_at = :now',
          ExpressionAttributeValues: { ':events': events, ':now': now, ':expires': Math.ceil(now / 1000) + countLife },
        }),
      )
    },
  }
}

/** How many events were applied in the last 60 minutes, and when (ms) the last of them. */
export async function readEventsLastHour(
  client: DynamoDBDocumentClient,
  stateTable: string,
  now: number,
): Promise<{ readonly events: number; readonly last_at: number | undefined }> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: stateTable,
      KeyConditionExpression: '#group = :group AND #item > :first',
      ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
      ExpressionAttributeValues: { ':group': group, ':first': minuteKey(now - minutesShown * minute) },
    }),
  )
  return {
    events: Items.reduce((sum, item) => sum + Number(item.events), 0),
    last_at: Items.at(-1)?.last_at as number | undefined,
  }
}
