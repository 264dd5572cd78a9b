import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbOpenRoomsReader } from '../../adapters/dynamodb/open-rooms-reader.ts'
import { dynamodbUsageStore } from '../../adapters/dynamodb/usage-store.ts'
import { environment } from '../environment.ts'
import { createHandler } from './handler.ts'

const client = documentClient()
const stateTable = environment('STATE_TABLE')

export const handler = createHandler({
  openRooms: dynamodbOpenRoomsReader(client, stateTable),
  usage: dynamodbUsageStore(client, stateTable, Number(environment('RETENTION_DAYS'))),
  now: Date.now,
})
