import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { OpenRoomsReader } from '../../core/ports/open-rooms-reader.ts'
import { readOpenRooms } from './room-listing.ts'

/** Reads the listing index, with at least one request for each of its partitions. */
export function dynamodbOpenRoomsReader(client: DynamoDBDocumentClient, stateTable: string): OpenRoomsReader {
  return { readOpenRooms: (signal) => readOpenRooms({ client, stateTable, signal }) }
}
