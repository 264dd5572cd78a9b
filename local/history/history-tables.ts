import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { batchPuts } from './batched-puts.ts'

/** The stack's tables and the settings of what writes to them. */
export type HistoryTables = {
  readonly client: DynamoDBDocumentClient
  readonly eventLog: string
  readonly state: string
  readonly retentionDays: number
  readonly alertWindowMs: number
  readonly timeZone: string
}

/** Connects to the tables as the account's administrator. @param variables the environment of apply-events. */
export function connectTables(variables: Readonly<Record<string, string>>): HistoryTables {
  const read = (name: string) => {
    const value = variables[name]
    if (value === undefined) throw new Error(`the function that applies events has no variable ${name}`)
    return value
  }
  const dynamodb = new DynamoDBClient({
    endpoint: read('AWS_ENDPOINT_URL'),
    region: read('AWS_REGION'),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // A batch has more requests than sockets, which is no reason for a warning.
    requestHandler: { socketAcquisitionWarningTimeout: 600_000 },
  })
  return {
    client: batchPuts(() => documentClient(dynamodb)),
    eventLog: read('EVENT_LOG_TABLE'),
    state: read('STATE_TABLE'),
    retentionDays: Number(read('RETENTION_DAYS')),
    alertWindowMs: Number(read('ALERT_WINDOW_MINUTES')) * 60_000,
    timeZone: read('TIME_ZONE'),
  }
}
