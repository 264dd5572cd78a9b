import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Order } from '../../core/ports/page.ts'
import { allTime, isWithin, type Period } from '../../core/ports/period.ts'
import { timeKey, timeOfOrder } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import type { EventItem } from './event-item.ts'
import { type QueryPage, queryPage, type StartKey } from './query.ts'

export type TimelineFilter = Required<Pick<QueryCommandInput, 'FilterExpression' | 'ExpressionAttributeNames'>> & {
  readonly ExpressionAttributeValues: Readonly<Record<string, string>>
}

export type TimelineQuery = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  /** The partitions to merge: `timelineKeys` of a room, some of them, or the one of a media server. */
  readonly keys: readonly string[]
  readonly order: Order
  /** By time of receipt; all entries by default. */
  readonly period?: Period
  /** Entries to read of each partition, filtered ones included. */
  readonly maxEntries: number
  readonly filter?: TimelineFilter | undefined
  readonly signal: AbortSignal | undefined
}

/** A place in the order of the merged timeline: by order key and, for equal ones, by partition. */
type TimelinePlace = { readonly orderKey: Buffer; readonly partition: number }

type ComparePlaces = (one: TimelinePlace, other: TimelinePlace) => number

/**
 * Reads the entries of a timeline after `start`, in order, with one query of each partition (docs/decisions/0030).
 *
 * The entries end where the first partition ends of which not all was read. `start` and `next` are keys of the index.
 *
 * @param start within the period.
 * @returns at least `maxEntries` entries if there are as many, none is filtered, and no query reads 1 MB.
 */
export async function queryTimeline(query: TimelineQuery, start: StartKey | undefined): Promise<QueryPage<EventItem>> {
  const { keys } = query
  const direction = query.order === 'oldest' ? 1 : -1
  const compare: ComparePlaces = (one, other) =>
    direction * (Buffer.compare(one.orderKey, other.orderKey) || one.partition - other.partition)
  const pages = await Promise.all(keys.map((_, partition) => queryPartition(query, partition, start)))
  const end = pages
    .flatMap(({ next }) => (next === undefined ? [] : [{ next, ...placeOf(next, keys) }]))
    .sort(compare)
    .at(0)
  const entries = pages.flatMap(({ items }) => items.map((item) => ({ item, ...placeOf(item, keys) })))
  const complete = end === undefined ? entries : entries.filter((entry) => compare(entry, end) <= 0)
  return { items: complete.sort(compare).map(({ item }) => item), next: end?.next }
}

/** Reads the entries of one partition after the start. */
async function queryPartition(
  query: TimelineQuery,
  partition: number,
  start: StartKey | undefined,
): Promise<QueryPage<EventItem>> {
  const { client, eventLogTable, keys, order, period = allTime, maxEntries, filter, signal } = query
  const range = rangeOf(query, partition, start)
  const input = {
    TableName: eventLogTable,
    IndexName: indexes.timeline,
    ...filter,
    KeyConditionExpression: `#room = :room AND #order ${range.condition}`,
    ExpressionAttributeNames: {
      ...filter?.ExpressionAttributeNames,
      '#room': attributeNames.room,
      '#order': attributeNames.orderKey,
    },
    ExpressionAttributeValues: { ...filter?.ExpressionAttributeValues, ...range.values, ':room': keys[partition] },
    ScanIndexForward: order === 'oldest',
    Limit: maxEntries,
  }
  const { items, next } = await queryPage<EventItem>(client, input, range.startKey, signal)
  if (!range.isOpen) return { items, next }
  return {
    items: items.filter(({ order_key }) => isWithin(timeOfOrder(order_key), period)),
    next: next !== undefined && isWithin(timeOfOrder(String(next.order_key)), period) ? next : undefined,
  }
}

type EntryRange = {
  readonly condition: string
  readonly values: Readonly<Record<string, string>>
  readonly startKey: StartKey | undefined
  /** Whether it has entries beyond the far end of the period: a condition cannot exclude one bound and have another. */
  readonly isOpen: boolean
}

function rangeOf(
  { keys, order, period = allTime }: TimelineQuery,
  partition: number,
  start: StartKey | undefined,
): EntryRange {
  // An order key begins with the time, so it comes after the text of its time.
  const [from, to] = [timeKey(period.from), timeKey(period.to)]
  const between = (first: string, last: string) => ({
    condition: 'BETWEEN :from AND :to',
    values: { ':from': first, ':to': last },
    isOpen: false,
  })
  const startPartition = start === undefined ? partition : placeOf(start, keys).partition
  // The start is an entry of its own partition. The others continue at its order key.
  if (start === undefined || partition === startPartition) return { ...between(from, to), startKey: start }
  const startOrder = String(start[attributeNames.orderKey])
  const isStartIncluded = order === 'oldest' ? partition > startPartition : partition < startPartition
  if (!isStartIncluded) {
    const condition = `${order === 'oldest' ? '>' : '<'} :start`
    return { condition, values: { ':start': startOrder }, startKey: undefined, isOpen: true }
  }
  const range = order === 'oldest' ? between(startOrder, to) : between(from, startOrder)
  return { ...range, startKey: undefined }
}

/** @param key of the index, or an item with it. DynamoDB compares the UTF-8 bytes of keys. */
function placeOf(key: StartKey | EventItem, keys: readonly string[]): TimelinePlace {
  return { orderKey: Buffer.from(String(key.order_key)), partition: keys.indexOf(String(key.room)) }
}

/** The key of an entry in the index, after which a list continues. */
export function timelineKeyOf({ stream, event_key, order_key, room }: EventItem): StartKey {
  return { stream, event_key, order_key, room }
}
