import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RoomSummary } from '../../core/ports/room-reader.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingOrderAfter, listingPartition, listingShards } from './listing-keys.ts'
import type { ListingPosition } from './listing-position.ts'
import { queryEach } from './query.ts'

/** The entries of one room in a partition of the listing index. `joined` is empty for a closed room. */
export type RoomListing = {
  readonly room: RoomSummary['state']
  readonly room_id: string
  readonly joined: readonly number[]
}

/** `next`: the position of the next page; undefined at the end of the partition. */
export type RoomListingPage = { readonly rooms: RoomListing[]; readonly next: ListingPosition | undefined }

/** Reads up to `limit` rooms of one partition, with the participants present in them. */
export async function readListingPage(
  client: DynamoDBDocumentClient,
  stateTable: string,
  position: ListingPosition,
  limit: number,
  signal?: AbortSignal,
): Promise<RoomListingPage> {
  const rooms: RoomListing[] = []
  let next: ListingPosition | undefined
  for await (const room of queryRooms(client, stateTable, position, signal)) {
    if (rooms.length === limit) {
      next = { ...position, after: listingOrderAfter(rooms.at(-1)?.room_id ?? '') }
      break
    }
    rooms.push(room)
  }
  return { rooms, next }
}

/** Counts open rooms and present participants in all partitions. */
export async function countOpenRooms(client: DynamoDBDocumentClient, stateTable: string, signal?: AbortSignal) {
  const shards = Array.from({ length: listingShards }, (_, shard) => countShard(client, stateTable, shard, signal))
  const counts = await Promise.all(shards)
  return {
    rooms: counts.reduce((sum, { rooms }) => sum + rooms, 0),
    participants: counts.reduce((sum, { participants }) => sum + participants, 0),
  }
}

async function countShard(
  client: DynamoDBDocumentClient,
  stateTable: string,
  shard: number,
  signal: AbortSignal | undefined,
) {
  const counts = { rooms: 0, participants: 0 }
  const start: ListingPosition = { status: 'open', shard, after: '' }
  for await (const { listed } of queryEntries(client, stateTable, start, signal))
    counts['user_id' in listed ? 'participants' : 'rooms']++
  return counts
}

/** Yields whole rooms, in order: the entries of a room follow each other, the room's own comes first. */
async function* queryRooms(
  client: DynamoDBDocumentClient,
  stateTable: string,
  position: ListingPosition,
  signal: AbortSignal | undefined,
): AsyncGenerator<RoomListing, void, undefined> {
  let current: (RoomListing & { readonly joined: number[] }) | undefined
  for await (const { listed } of queryEntries(client, stateTable, position, signal)) {
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

/** Yields the entries of a partition after the position. */
function queryEntries(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { status, shard, after }: ListingPosition,
  signal: AbortSignal | undefined,
) {
  const isWhole = after === ''
  const query = {
    TableName: stateTable,
    IndexName: indexes.listing,
    KeyConditionExpression: isWhole ? '#list = :list' : '#list = :list AND #order > :after',
    ExpressionAttributeNames: {
      '#list': attributeNames.list,
      ...(isWhole ? {} : { '#order': attributeNames.listOrder }),
    },
    ExpressionAttributeValues: {
      ':list': listingPartition(status, shard),
      ...(isWhole ? {} : { ':after': after }),
    },
  }
  return queryEach<{ readonly listed: ListingEntry }>(client, query, signal)
}
