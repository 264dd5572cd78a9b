import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RoomSummary } from '../../core/ports/room-reader.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { itemKey } from './keys.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingOrder, listingOrderAfter, listingPartition, listingShards } from './listing-keys.ts'
import type { ListingPosition } from './listing-position.ts'
import type { ProjectionItem } from './projection-item.ts'
import { queryEach } from './query.ts'

/** The entries of one room in a partition of the listing index. `room`: undefined if the partition lists only participants. */
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
  for await (const room of queryRooms(client, stateTable, position, { signal })) {
    if (rooms.length === limit) {
      next = { ...position, after: listingOrderAfter(rooms.at(-1)?.room_id ?? '') }
      break
    }
    rooms.push(room)
  }
  return position.status === 'open'
    ? { rooms: await omitClosedRooms(client, stateTable, rooms, signal), next }
    : { rooms: await addParticipants(client, stateTable, position.shard, rooms, signal), next }
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
  const listed: RoomListing[] = []
  const start: ListingPosition = { status: 'open', shard, after: '' }
  for await (const room of queryRooms(client, stateTable, start, { signal })) listed.push(room)
  const open = await omitClosedRooms(client, stateTable, listed, signal)
  return { rooms: open.length, participants: listed.reduce((sum, { joined }) => sum + joined.length, 0) }
}

/** `until`: the last sort key to read; undefined reads to the end of the partition. */
type ListingReadOptions = { readonly until?: string; readonly signal: AbortSignal | undefined }

/** Yields whole rooms, in order: the entries of a room follow each other, the room's own comes first. */
async function* queryRooms(
  client: DynamoDBDocumentClient,
  stateTable: string,
  position: ListingPosition,
  options: ListingReadOptions,
): AsyncGenerator<RoomListing, void, undefined> {
  let current: (RoomListing & { readonly joined: number[] }) | undefined
  for await (const { listed } of queryEntries(client, stateTable, position, options)) {
    if (current?.room_id !== listed.room_id) {
      if (current !== undefined) yield current
      current = { room: undefined, room_id: listed.room_id, joined: [] }
    }
    if ('user_id' in listed) current.joined.push(listed.joined_at)
    else current = { ...current, room: listed }
  }
  if (current !== undefined) yield current
}

/** Yields the entries of a partition after the position. */
function queryEntries(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { status, shard, after }: ListingPosition,
  { until, signal }: ListingReadOptions,
) {
  const isWhole = after === '' && until === undefined
  const range = until === undefined ? '#order > :after' : '#order BETWEEN :after AND :until'
  const query = {
    TableName: stateTable,
    IndexName: indexes.listing,
    KeyConditionExpression: isWhole ? '#list = :list' : `#list = :list AND ${range}`,
    ExpressionAttributeNames: {
      '#list': attributeNames.list,
      ...(isWhole ? {} : { '#order': attributeNames.listOrder }),
    },
    ExpressionAttributeValues: {
      ':list': listingPartition(status, shard),
      ...(isWhole ? {} : { ':after': after }),
      ...(until === undefined ? {} : { ':until': until }),
    },
  }
  return queryEach<{ readonly listed: ListingEntry }>(client, query, signal)
}

/**
 * A room whose participants are listed without the room itself is either not known or closed. A closed room is listed in
 * its own partition, so it is omitted here.
 */
async function omitClosedRooms(
  client: DynamoDBDocumentClient,
  stateTable: string,
  rooms: readonly RoomListing[],
  signal: AbortSignal | undefined,
): Promise<RoomListing[]> {
  const unknown = rooms.filter(({ room }) => room === undefined)
  const keys = unknown.map(({ room_id }) => itemKey({ kind: 'room', room_id }))
  const items = await readItems<ProjectionItem>(client, stateTable, keys, { consistent: false, signal })
  const closed = new Set(
    items
      .values()
      .flatMap(({ state, aggregate }) =>
        state?.kind === 'room' && state.status === 'closed' && aggregate.kind === 'room' ? [aggregate.room_id] : [],
      ),
  )
  return rooms.filter(({ room_id }) => !closed.has(room_id))
}

/**
 * Adds the participants present in closed rooms: a room stays closed if they joined without an `open`. They are listed
 * in the partition of the open rooms.
 */
async function addParticipants(
  client: DynamoDBDocumentClient,
  stateTable: string,
  shard: number,
  rooms: RoomListing[],
  signal: AbortSignal | undefined,
): Promise<RoomListing[]> {
  const [first, last] = [rooms[0], rooms.at(-1)]
  if (first === undefined || last === undefined) return rooms
  const joinedByRoom = new Map<string, readonly number[]>()
  const start: ListingPosition = { status: 'open', shard, after: listingOrder(first.room_id) }
  const options = { until: listingOrderAfter(last.room_id), signal }
  for await (const { room_id, joined } of queryRooms(client, stateTable, start, options))
    joinedByRoom.set(room_id, joined)
  return rooms.map((room) => ({ ...room, joined: joinedByRoom.get(room.room_id) ?? [] }))
}
