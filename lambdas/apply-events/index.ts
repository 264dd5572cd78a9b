import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbEventCounter } from '../../adapters/dynamodb/event-counter.ts'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbStateStore } from '../../adapters/dynamodb/state-store.ts'
import { environment } from '../environment.ts'
import { createHandler } from './handler.ts'

const client = documentClient()
const stateTable = environment('STATE_TABLE')
const retentionDays = Number(environment('RETENTION_DAYS'))

export const handler = createHandler({
  log: dynamodbEventLog({ client, tableName: environment('EVENT_LOG_TABLE'), retentionDays }),
  store: dynamodbStateStore({ client, tableName: stateTable, retentionDays }),
  rules: { alertWindowMs: Number(environment('ALERT_WINDOW_MINUTES')) * 60_000 },
  counter: dynamodbEventCounter(client, stateTable),
  now: Date.now,
  logger: new Logger({ serviceName: 'apply-events' }),
  metrics: new Metrics({ namespace: 'Northbound', serviceName: 'apply-events' }),
})
