import { setTimeout } from 'node:timers/promises'
import { dynamodbAggregateReader } from '../../adapters/dynamodb/aggregate-reader.ts'
import { retryingDocumentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import { sqsCommandQueue } from '../../adapters/sqs/command-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import { environment } from '../environment.ts'
import { createLogger } from '../observability.ts'
import { createHandler } from './handler.ts'

const client = retryingDocumentClient()
const eventLogTable = environment('EVENT_LOG_TABLE')
const retentionDays = Number(environment('RETENTION_DAYS'))

export const handler = createHandler({
  log: dynamodbEventLog({ client, tableName: eventLogTable, retentionDays }),
  store: dynamodbProjectionStore({ client, tableName: environment('STATE_TABLE'), retentionDays }),
  aggregates: dynamodbAggregateReader(client, eventLogTable),
  commands: sqsCommandQueue(sqsClient(), environment('EVENT_QUEUE_URL')),
  rules: {
    alertWindowMs: Number(environment('ALERT_WINDOW_MINUTES')) * 60_000,
    retentionDays,
    timeZone: environment('TIME_ZONE'),
  },
  now: Date.now,
  wait: (ms) => setTimeout(ms),
  logger: createLogger('rebuild'),
})
