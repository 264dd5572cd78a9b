import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { OpenRooms } from '../../core/ports/open-rooms-reader.ts'
import type { RoomSummary } from '../../core/ports/room-reader.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { type ItemKey, itemKey, keyText } from './keys.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingOrder, listingOrderAfter, listingPartition, listingShards, shardOf } from './listing-keys.ts'
import type { OpenRoomsPosition } from './listing-position.ts'
import { type QueryPage, queryPage, type StartKey } from './query.ts'
import type { StateTable } from './room-items.ts'

/** The entries of one room in a partition of the listing index. `joined` is empty for a closed room. */
export type RoomListing = {
  readonly room: RoomSummary['state']
  readonly room_id: string
  readonly joined: readonly number[]
}

/** `next`: the position of the next page; undefined at the end of the partition. */
export type RoomListingPage = { readonly rooms: RoomListing[]; readonly next: OpenRoomsPosition | undefined }

/** Requests that are left for a page. Reading ends after the room at which none is left. */
export type RequestBudget = { left: number }

type OpenRoomsRequest = {
  readonly limit: number
  readonly isWanted: (room: RoomListing) => boolean
  readonly budget: RequestBudget
}

/** Reads up to `limit` open rooms of one partition, with the participants present in them. */
export async function readListingPage(
  { client, stateTable, signal }: StateTable,
  position: OpenRoomsPosition,
  { limit, isWanted, budget }: OpenRoomsRequest,
): Promise<RoomListingPage> {
  const rooms: RoomListing[] = []
  let last: RoomListing | undefined
  const partition = listingPartition('open', position.shard)
  const range = position.after === '' ? undefined : { after: position.after }
  for await (const room of groupByRoom(queryEntries(client, stateTable, partition, range, signal, budget))) {
    // At least one room is read, so that a list always ends.
    if (last !== undefined && (rooms.length === limit || budget.left <= 0))
      return { rooms, next: { ...position, after: listingOrderAfter(last.room_id) } }
    if (isWanted(room)) rooms.push(room)
    last = room
  }
  return { rooms, next: undefined }
}

/** Reads one room. @returns undefined if it is not listed. */
export async function findListing(
  { client, stateTable, signal }: StateTable,
  roomId: string,
): Promise<RoomListing | undefined> {
  const partition = listingPartition('open', shardOf(roomId))
  const entries = queryEntries(client, stateTable, partition, { prefix: listingOrder(roomId) }, signal)
  for await (const room of groupByRoom(entries)) return room
  // Closed rooms are listed by time, so their item is read.
  const key = itemKey({ kind: 'room', room_id: roomId })
  const found = await readItems<ItemKey & Partial<StoredEntry>>(client, stateTable, [key], {
    consistent: false,
    signal,
  })
  const listed = found.get(keyText(key))?.listed
  return listed === undefined || 'user_id' in listed ? undefined : { room: listed, room_id: roomId, joined: [] }
}

/** Reads all open rooms and present participants, in any order. */
export async function readOpenRooms({ client, stateTable, signal }: StateTable): Promise<OpenRooms> {
  const rooms: OpenRooms['rooms'][number][] = []
  const present: OpenRooms['present'][number][] = []
  const readPartition = async (_: unknown, shard: number) => {
    const entries = queryEntries(client, stateTable, listingPartition('open', shard), undefined, signal)
    for await (const { listed } of entries) {
      if ('user_id' in listed) present.push(listed)
      else rooms.push(listed)
    }
  }
  await Promise.all(Array.from({ length: listingShards }, readPartition))
  return { rooms, present }
}

type StoredEntry = { readonly listed: ListingEntry }

/** Yields whole rooms, in order: the entries of a room follow each other, the room's own comes first. */
async function* groupByRoom(entries: AsyncIterable<StoredEntry>): AsyncGenerator<RoomListing, void, undefined> {
  let current: (RoomListing & { readonly joined: number[] }) | undefined
  for await (const { listed } of entries) {
    // The entry of a participant can precede that of their room for a moment.
    if ('user_id' in listed) {
      if (current?.room_id === listed.room_id) current.joined.push(listed.joined_at)
      continue
    }
    if (current !== undefined) yield current
    current = { room: listed, room_id: listed.room_id, joined: [] }
  }
  if (current !== undefined) yield current
}

/** Sort keys of a partition: those after a key, or those with a prefix. */
type EntryRange = { readonly after: string } | { readonly prefix: string }

/** Yields the entries of a partition. @param range undefined for all of them. @param budget reduced by each request. */
async function* queryEntries(
  client: DynamoDBDocumentClient,
  stateTable: string,
  partition: string,
  range: EntryRange | undefined,
  signal: AbortSignal | undefined,
  budget: RequestBudget = { left: Number.POSITIVE_INFINITY },
): AsyncGenerator<StoredEntry, void, undefined> {
  const query = entriesQuery(stateTable, partition, range)
  let start: StartKey | undefined
  do {
    const { items, next }: QueryPage<StoredEntry> = await queryPage<StoredEntry>(client, query, start, signal)
    budget.left -= 1
    yield* items
    start = next
  } while (start !== undefined)
}

function entriesQuery(stateTable: string, partition: string, range: EntryRange | undefined) {
  const query = {
    TableName: stateTable,
    IndexName: indexes.listing,
    KeyConditionExpression: '#list = :list',
    ExpressionAttributeNames: { '#list': attributeNames.list },
    ExpressionAttributeValues: { ':list': partition },
  }
  if (range === undefined) return query
  const isAfter = 'after' in range
  const condition = isAfter ? '#order > :order' : 'begins_with(#order, :order)'
  return {
    ...query,
    KeyConditionExpression: `${query.KeyConditionExpression} AND ${condition}`,
    ExpressionAttributeNames: { ...query.ExpressionAttributeNames, '#order': attributeNames.listOrder },
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':order': isAfter ? range.after : range.prefix },
  }
}
