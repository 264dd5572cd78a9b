import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Order } from '../../core/ports/page.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import type { EventItem } from './event-item.ts'
import { timelineKeys } from './keys.ts'
import { type QueryPage, queryPage, type StartKey } from './query.ts'

export type TimelineQuery = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly roomId: string
  readonly order: Order
  /** Entries to read of each partition, filtered ones included. */
  readonly maxEntries: number
  readonly filter?: Pick<QueryCommandInput, 'FilterExpression' | 'ExpressionAttributeNames'> & {
    readonly ExpressionAttributeValues: Readonly<Record<string, string>>
  }
  readonly signal: AbortSignal | undefined
}

/** A place in the order of the merged timeline: by order key and, for equal ones, by partition. */
type TimelinePlace = { readonly orderKey: Buffer; readonly partition: number }

type ComparePlaces = (one: TimelinePlace, other: TimelinePlace) => number

/**
 * Reads the entries of a room's timeline after `start`, in order, with one query of each partition (docs/decisions/0030).
 *
 * The entries end where the first partition ends of which not all was read. `start` and `next` are keys of the index.
 *
 * @returns at least `maxEntries` entries if there are as many, none is filtered, and no query reads 1 MB.
 */
export async function queryTimeline(query: TimelineQuery, start: StartKey | undefined): Promise<QueryPage<EventItem>> {
  const keys = timelineKeys(query.roomId)
  const direction = query.order === 'oldest' ? 1 : -1
  const compare: ComparePlaces = (one, other) =>
    direction * (Buffer.compare(one.orderKey, other.orderKey) || one.partition - other.partition)
  const pages = await Promise.all(keys.map((_, partition) => queryPartition(query, keys, partition, start)))
  const end = pages
    .flatMap(({ next }) => (next === undefined ? [] : [{ next, ...placeOf(next, keys) }]))
    .sort(compare)
    .at(0)
  const entries = pages.flatMap(({ items }) => items.map((item) => ({ item, ...placeOf(item, keys) })))
  const complete = end === undefined ? entries : entries.filter((entry) => compare(entry, end) <= 0)
  return { items: complete.sort(compare).map(({ item }) => item), next: end?.next }
}

/** Reads the entries of one partition after the start. */
function queryPartition(
  { client, eventLogTable, order, maxEntries, filter, signal }: TimelineQuery,
  keys: readonly string[],
  partition: number,
  start: StartKey | undefined,
): Promise<QueryPage<EventItem>> {
  const startPartition = start === undefined ? partition : placeOf(start, keys).partition
  // The start is an entry of its own partition. The others continue at its order key.
  const isStartHere = partition === startPartition
  const input = {
    TableName: eventLogTable,
    IndexName: indexes.timeline,
    KeyConditionExpression: isStartHere
      ? '#room = :room'
      : `#room = :room AND #order ${comparisonOf(order, partition < startPartition)} :start`,
    ...filter,
    ExpressionAttributeNames: {
      ...filter?.ExpressionAttributeNames,
      '#room': attributeNames.room,
      ...(isStartHere ? {} : { '#order': attributeNames.orderKey }),
    },
    ExpressionAttributeValues: {
      ...filter?.ExpressionAttributeValues,
      ':room': keys[partition],
      ...(isStartHere ? {} : { ':start': start?.[attributeNames.orderKey] }),
    },
    ScanIndexForward: order === 'oldest',
    Limit: maxEntries,
  }
  return queryPage<EventItem>(client, input, isStartHere ? start : undefined, signal)
}

/** Which entries of another partition come after the start: one with the same order key does unless its partition comes first. */
function comparisonOf(order: Order, isEarlierPartition: boolean): string {
  if (order === 'oldest') return isEarlierPartition ? '>' : '>='
  return isEarlierPartition ? '<=' : '<'
}

/** @param key of the index, or an item with it. DynamoDB compares the UTF-8 bytes of keys. */
function placeOf(key: StartKey | EventItem, keys: readonly string[]): TimelinePlace {
  return { orderKey: Buffer.from(String(key.order_key)), partition: keys.indexOf(String(key.room)) }
}

/** The key of an entry in the index, after which a list continues. */
export function timelineKeyOf({ stream, event_key, order_key, room }: EventItem): StartKey {
  return { stream, event_key, order_key, room }
}
