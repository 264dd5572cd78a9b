import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbOpenRoomsReader } from '../../adapters/dynamodb/open-rooms-reader.ts'
import { dynamodbPeopleDirectory } from '../../adapters/dynamodb/people-directory.ts'
import { dynamodbUsageStore } from '../../adapters/dynamodb/usage-store.ts'
import { environment } from '../environment.ts'
import { createHandler } from './handler.ts'

const client = documentClient()
const stateTable = environment('STATE_TABLE')
const retentionDays = Number(environment('RETENTION_DAYS'))

export const handler = createHandler({
  openRooms: dynamodbOpenRoomsReader(client, stateTable),
  usage: dynamodbUsageStore(client, stateTable, retentionDays),
  people: dynamodbPeopleDirectory(client, stateTable, retentionDays),
  now: Date.now,
})
