import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { CallbackClock, CallbackCounter } from '../../core/ports/callback-counter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { queryPage } from './query.ts'

const group = 'callback-count'
const minuteMs = 60_000
const shownMinutes = 60
/** A callback that was received longer ago than this was retried, or put back from the dead letters. */
const lateMs = minuteMs
/** The time of the last callback stays known for 30 days. */
const ttlSeconds = 30 * 86_400

/** `last_at`: ms since 1970, when the latest callback of the minute was received. */
type MinuteItem = { readonly item: string; readonly callbacks: number; readonly last_at: number }

/** The number of the minute, as text that sorts by time. */
function minuteKey(ms: number): string {
  return String(Math.floor(ms / minuteMs)).padStart(12, '0')
}

/**
 * Counts applied callbacks per minute, with one write for each batch that has any. The figures are approximate: a batch whose
 * write fails here is not counted, and of concurrent batches the last one sets the time of the minute. Late callbacks set it only
 * if no other has.
 */
export function dynamodbCallbackCounter(client: DynamoDBDocumentClient, stateTable: string): CallbackCounter {
  return {
    async add({ count, lastReceivedAt }, now, signal) {
      const last = now - lastReceivedAt > lateMs ? 'if_not_exists(last_at, :last)' : ':last'
      const command = new UpdateCommand({
        TableName: stateTable,
        Key: { group, item: minuteKey(now) },
        UpdateExpression: `ADD callbacks :count SET ${attributeNames.expiresAt} = :expires, last_at = ${last}`,
        ExpressionAttributeValues: {
          ':count': count,
          ':last': lastReceivedAt,
          ':expires': Math.ceil(now / 1000) + ttlSeconds,
        },
      })
      await client.send(command, requestOptions(signal))
    },
  }
}

export function dynamodbCallbackClock(client: DynamoDBDocumentClient, stateTable: string): CallbackClock {
  // As many minutes as dead letters take that are put back. They cost no more than one.
  return {
    readLastCallback: async (signal) => lastOf(await readLatestMinutes(client, stateTable, shownMinutes, signal)),
  }
}

/** @returns the number of callbacks applied in the last `sinceMs`, rounded down to whole minutes and the current one. */
export async function countCallbacks(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { now, sinceMs }: { readonly now: number; readonly sinceMs: number },
  signal?: AbortSignal,
): Promise<number> {
  const minutes = await readLatestMinutes(client, stateTable, Math.ceil(sinceMs / minuteMs) + 1, signal)
  return sumSince(minutes, now - sinceMs)
}

/** @returns the number of callbacks applied in the last 60 minutes, and when the latest of all was received (ms). */
export async function readCallbackActivity(
  client: DynamoDBDocumentClient,
  stateTable: string,
  now: number,
  signal?: AbortSignal,
): Promise<{ readonly lastHour: number; readonly lastAt: number | undefined }> {
  const minutes = await readLatestMinutes(client, stateTable, shownMinutes + 1, signal)
  return { lastHour: sumSince(minutes, now - shownMinutes * minuteMs), lastAt: lastOf(minutes) }
}

/** Adds up the callbacks of the minutes after the one that this time (ms since 1970) is in. */
function sumSince(minutes: readonly MinuteItem[], since: number): number {
  const counted = minutes.filter(({ item }) => item > minuteKey(since))
  return counted.reduce((sum, { callbacks }) => sum + callbacks, 0)
}

/** Reads the latest minutes that had callbacks, however long ago. */
async function readLatestMinutes(
  client: DynamoDBDocumentClient,
  stateTable: string,
  maxMinutes: number,
  signal: AbortSignal | undefined,
): Promise<readonly MinuteItem[]> {
  const query = {
    TableName: stateTable,
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': attributeNames.group },
    ExpressionAttributeValues: { ':group': group },
    ScanIndexForward: false,
    Limit: maxMinutes,
  }
  const { items } = await queryPage<MinuteItem>(client, query, undefined, signal)
  return items
}

/** A late callback can make the time of a minute earlier than that of the minute before. */
function lastOf(minutes: readonly MinuteItem[]): number | undefined {
  return minutes.length === 0 ? undefined : Math.max(...minutes.map(({ last_at }) => last_at))
}
