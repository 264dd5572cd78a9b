import type { Period } from '../../core/ports/period.ts'
import { timeKey } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingPartition, listingShards } from './listing-keys.ts'
import { queryPage } from './query.ts'
import type { StateTable } from './room-items.ts'

type ClosedRoomEntry = {
  readonly listed: Exclude<ListingEntry, { user_id: string }>
  /** Sort key: the time of the close, and the room. */
  readonly list_order: string
}

/** `next`: the sort key after which the list continues; undefined at its end. */
export type ClosedRoomsPage = { readonly entries: readonly ClosedRoomEntry[]; readonly next: string | undefined }

/** Requests for a page: one of each partition. */
export const closedPageRequests = listingShards

/**
 * Reads the rooms that were closed in the period, newest first, with one query of each partition of the listing index.
 *
 * The entries end where the first partition ends of which not all was read.
 *
 * @param after sort key after which the list continues, within the period; '' at its start.
 * @param maxEntries of each partition.
 */
export async function readClosedRooms(
  { client, stateTable, signal }: StateTable,
  { period, after, maxEntries }: { readonly period: Period; readonly after: string; readonly maxEntries: number },
): Promise<ClosedRoomsPage> {
  const queryPartition = (_: unknown, shard: number) => {
    const query = {
      TableName: stateTable,
      IndexName: indexes.listing,
      KeyConditionExpression: '#list = :list AND #order BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#list': attributeNames.list, '#order': attributeNames.listOrder },
      ExpressionAttributeValues: {
        ':list': listingPartition('closed', shard),
        // The time in a sort key is followed by the room, so the key comes after the time alone.
        ':from': timeKey(period.from),
        ':to': after === '' ? timeKey(period.to) : after,
      },
      ScanIndexForward: false,
      // The room after which the list continues is read again.
      Limit: maxEntries + 1,
    }
    return queryPage<ClosedRoomEntry>(client, query, undefined, signal)
  }
  const pages = await Promise.all(Array.from({ length: listingShards }, queryPartition))
  const ends = pages.flatMap(({ items, next }) => (next === undefined ? [] : (items.at(-1)?.list_order ?? [])))
  const end = ends.sort(compareNewestFirst).at(0)
  const entries = pages
    .flatMap(({ items }) => items)
    .filter(({ list_order }) => list_order !== after && (end === undefined || compareNewestFirst(list_order, end) <= 0))
  return { entries: entries.sort((one, other) => compareNewestFirst(one.list_order, other.list_order)), next: end }
}

/** DynamoDB compares the UTF-8 bytes of keys. */
function compareNewestFirst(one: string, other: string): number {
  return Buffer.compare(Buffer.from(other), Buffer.from(one))
}
