import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RoomReader, RoomSummary } from '../../core/ports/room-reader.ts'
import { readRoomPage } from './room-details.ts'
import { listRooms } from './room-list.ts'
import { findListing, type RoomListing, readOpenRooms } from './room-listing.ts'
import { readTimeline, readWarnings } from './timeline-reader.ts'

export type RoomReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

export function dynamodbRoomReader({ client, eventLogTable, stateTable }: RoomReaderOptions): RoomReader {
  return {
    async listRooms(filter, request, signal) {
      const { rooms, cursor } = await listRooms({ client, stateTable, signal }, filter, request)
      return { items: rooms.map(toSummary), cursor }
    },

    async findRoom(roomId, signal) {
      const listing = await findListing({ client, stateTable, signal }, roomId)
      return listing && toSummary(listing)
    },

    async countOpen(signal) {
      const { rooms, present } = await readOpenRooms({ client, stateTable, signal })
      return { rooms: rooms.length, participants: present.length }
    },

    readRoom: (roomId, page, signal) => readRoomPage({ client, stateTable, signal }, roomId, page),

    readTimeline: (roomId, request, signal) => readTimeline({ client, eventLogTable, signal }, roomId, request),

    readWarnings: (boxCode, request, signal) => readWarnings({ client, eventLogTable, signal }, boxCode, request),
  }
}

function toSummary({ room, room_id, joined }: RoomListing): RoomSummary {
  return { room_id, state: room, joined }
}
