import { dynamodbFailureRecorder } from '../../adapters/dynamodb/applier-activity.ts'
import { dynamodbCallbackCounter } from '../../adapters/dynamodb/callback-counter.ts'
import { failFastDocumentClient, retryingDocumentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { snsClient } from '../../adapters/sns/client.ts'
import { snsRoomEventTopic } from '../../adapters/sns/room-event-topic.ts'
import { sqsRetryQueue } from '../../adapters/sqs/retry-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import { environment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createHandler } from './handler.ts'

const client = retryingDocumentClient()
const failFastClient = failFastDocumentClient()
const sns = snsClient()
const stateTable = environment('STATE_TABLE')
const retentionDays = Number(environment('RETENTION_DAYS'))

export const handler = createHandler({
  log: dynamodbEventLog({ client, tableName: environment('EVENT_LOG_TABLE'), retentionDays }),
  store: dynamodbProjectionStore({ client, tableName: stateTable, retentionDays }),
  rules: {
    alertWindowMs: Number(environment('ALERT_WINDOW_MINUTES')) * 60_000,
    retentionDays,
    timeZone: environment('TIME_ZONE'),
  },
  counter: dynamodbCallbackCounter(failFastClient, stateTable),
  retries: sqsRetryQueue(sqsClient(), environment('EVENT_QUEUE_URL')),
  failures: dynamodbFailureRecorder(failFastClient, stateTable),
  maxReceiveCount: Number(environment('MAX_RECEIVE_COUNT')),
  now: Date.now,
  alerts: snsAlertTopic(sns, environment('ALERT_TOPIC_ARN')),
  roomEvents: snsRoomEventTopic(sns, environment('ROOM_EVENT_TOPIC_ARN')),
  logger: createLogger('apply-events'),
  metrics: createMetrics('apply-events'),
})
