import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RoomReader, RoomStatusFilter, RoomSummary } from '../../core/ports/room-reader.ts'
import {
  encodePosition,
  firstPosition,
  type ListingPosition,
  nextPartition,
  parsePosition,
} from './listing-position.ts'
import { readRoomPage } from './room-details.ts'
import { countOpenRooms, findListing, type RoomListing, type RoomListingPage, readListingPage } from './room-listing.ts'
import { readTimeline, readWarnings } from './timeline-reader.ts'

export type RoomReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

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
      return { items: rooms.map(toSummary), cursor: encodePosition(next) }
    },

    async findRoom(roomId, signal) {
      const listing = await findListing(client, stateTable, roomId, signal)
      return listing && toSummary(listing)
    },

    countOpen: (signal) => countOpenRooms(client, stateTable, signal),

    readRoom: (roomId, page, signal) => readRoomPage({ client, stateTable, signal }, roomId, page),

    readTimeline: (roomId, request, signal) => readTimeline({ client, eventLogTable, signal }, roomId, request),

    readWarnings: (boxCode, request, signal) => readWarnings({ client, eventLogTable, signal }, boxCode, request),
  }
}

function toSummary({ room, room_id, joined }: RoomListing): RoomSummary {
  return { room_id, state: room, joined }
}
