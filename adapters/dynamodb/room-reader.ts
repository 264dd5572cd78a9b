import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import type { RoomDetails, RoomReader, RoomStatusFilter } from '../../core/ports/room-reader.ts'
import * as attributeNames from '../../names/attributes.ts'
import { roomGroup } from './keys.ts'
import {
  encodePosition,
  firstPosition,
  type ListingPosition,
  nextPartition,
  parsePosition,
} from './listing-position.ts'
import { stateOf } from './packed-state.ts'
import type { ProjectionItem } from './projection-item.ts'
import { queryEach } from './query.ts'
import { countOpenRooms, type RoomListing, type RoomListingPage, readListingPage } from './room-listing.ts'
import { readLastEventTime, readTimeline } from './timeline-reader.ts'

export type RoomReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

const roomConcurrency = 16

export function dynamodbRoomReader({ client, eventLogTable, stateTable }: RoomReaderOptions): RoomReader {
  /** Reads partition after partition until there are `limit` rooms. */
  async function collectRooms(
    start: ListingPosition,
    filter: RoomStatusFilter,
    limit: number,
    signal: AbortSignal | undefined,
  ) {
    const rooms: RoomListing[] = []
    let position: ListingPosition | undefined = start
    while (position !== undefined && rooms.length < limit) {
      const page: RoomListingPage = await readListingPage(client, stateTable, position, limit - rooms.length, signal)
      rooms.push(...page.rooms)
      position = page.next ?? nextPartition(position, filter)
    }
    return { rooms, next: position }
  }

  return {
    async listRooms(filter, { limit, cursor }, signal) {
      const start = cursor === null ? firstPosition(filter) : parsePosition(cursor, filter)
      const { rooms, next } = await collectRooms(start, filter, limit, signal)
      const items = await pMap(
        rooms,
        async ({ room, room_id, joined }) => {
          const last_event_at = await readLastEventTime(client, eventLogTable, room_id, signal)
          return { room_id, state: room, joined, last_event_at }
        },
        { concurrency: roomConcurrency },
      )
      return { items, cursor: encodePosition(next) }
    },

    countOpen: (signal) => countOpenRooms(client, stateTable, signal),

    async readRoom(roomId, signal) {
      const details = await readDetails(client, stateTable, roomId, signal)
      return { ...details, last_event_at: await readLastEventTime(client, eventLogTable, roomId, signal) }
    },

    readTimeline: (roomId, page, signal) => readTimeline(client, eventLogTable, roomId, page, signal),
  }
}

async function readDetails(
  client: DynamoDBDocumentClient,
  stateTable: string,
  roomId: string,
  signal: AbortSignal | undefined,
): Promise<Omit<RoomDetails, 'last_event_at'>> {
  let room: RoomDetails['room']
  const participants: RoomDetails['participants'][number][] = []
  const recordings: RoomDetails['recordings'][number][] = []
  const query = {
    TableName: stateTable,
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': attributeNames.group },
    ExpressionAttributeValues: { ':group': roomGroup(roomId) },
  }
  for await (const item of queryEach<ProjectionItem>(client, query, signal)) {
    const { aggregate } = item
    const state = stateOf(item)
    if (state?.kind === 'room') room = state
    if (state?.kind === 'recording') recordings.push(state)
    if (state?.kind === 'participant' && aggregate.kind === 'participant')
      participants.push({ user_id: aggregate.user_id, state })
  }
  return { room, participants, recordings }
}
