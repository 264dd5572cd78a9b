import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type {
  CallbackClock,
  CallbackCounter,
  CallbackCountReader,
  CallbackCounts,
} from '../../core/ports/callback-counter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { expiryOf } from './expiry.ts'
import { minuteKey } from './minute-key.ts'
import { queryEach, queryPage } from './query.ts'

const group = 'callback-count'
const minuteMs = 60_000
const shownMinutes = 60
/** A callback that was received longer ago than this was retried, or put back from the dead letters. */
const lateMs = minuteMs

/** `last_at`: ms since 1970, when the latest callback of the minute was received. The numbers by kind are further attributes. */
type MinuteItem = { readonly item: string; readonly callbacks: number; readonly last_at: number }

const kindPrefix = 'kind_'

/**
 * Counts applied callbacks per minute, with one write for each batch that contains one. The figures are approximate: a batch whose
 * write fails here is not counted, and of concurrent batches the last one sets the time of the minute. Late callbacks set it only
 * if no other has.
 */
export function dynamodbCallbackCounter(
  client: DynamoDBDocumentClient,
  stateTable: string,
  retentionDays: number,
): CallbackCounter {
  return {
    async add({ count, kinds, lastReceivedAt }, now, signal) {
      // The item has less than 1 KB with all kinds, so the write costs one unit.
      const additions = Object.keys(kinds).map((kind, index) => `, ${kindPrefix}${kind} :kind${index}`)
      const last = now - lastReceivedAt > lateMs ? 'if_not_exists(last_at, :last)' : ':last'
      const command = new UpdateCommand({
        TableName: stateTable,
        Key: { group, item: minuteKey(now) },
        UpdateExpression: `ADD callbacks :count${additions.join('')} SET ${attributeNames.expiresAt} = :expires, last_at = ${last}`,
        ExpressionAttributeValues: {
          ':count': count,
          ':last': lastReceivedAt,
          ':expires': expiryOf(now, retentionDays),
          ...Object.fromEntries(Object.values(kinds).map((number, index) => [`:kind${index}`, number])),
        },
      })
      await client.send(command, requestOptions(signal))
    },
  }
}

export function dynamodbCallbackCountReader(client: DynamoDBDocumentClient, stateTable: string): CallbackCountReader {
  return {
    async countByKind({ from, to }, signal) {
      const counts: Record<string, number> = {}
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group AND #item BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
        ExpressionAttributeValues: { ':group': group, ':first': minuteKey(from), ':last': minuteKey(to - 1) },
      }
      for await (const item of queryEach<MinuteItem>(client, query, signal))
        for (const [kind, number] of Object.entries(kindsOf(item))) counts[kind] = (counts[kind] ?? 0) + number
      return counts
    },
  }
}

function kindsOf(item: MinuteItem): CallbackCounts {
  const attributes = Object.entries(item).filter(([name]) => name.startsWith(kindPrefix))
  return Object.fromEntries(attributes.map(([name, number]) => [name.slice(kindPrefix.length), Number(number)]))
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
