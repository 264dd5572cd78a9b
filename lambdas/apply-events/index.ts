import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { dynamodbFailureRecorder } from '../../adapters/dynamodb/applier-activity.ts'
import { dynamodbCallbackCounter } from '../../adapters/dynamodb/callback-counter.ts'
import { failFastDocumentClient, retryingDocumentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbErasureReader } from '../../adapters/dynamodb/erasure-reader.ts'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbOpenWarningRecorder } from '../../adapters/dynamodb/open-warnings.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import { dynamodbRefusalCounter } from '../../adapters/dynamodb/refusal-counter.ts'
import { refusedSampleWriter } from '../../adapters/dynamodb/refused-sample-writer.ts'
import { parseCheckCodeSecret } from '../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../adapters/secrets/secret-reader.ts'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { snsClient } from '../../adapters/sns/client.ts'
import { snsRoomEventTopic } from '../../adapters/sns/room-event-topic.ts'
import { sqsRetryQueue } from '../../adapters/sqs/retry-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import * as metricNames from '../../names/metrics.ts'
import { outcomeDimension } from '../../names/outcomes.ts'
import { asError } from '../as-error.ts'
import { environment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createRefusalSampler } from '../sample-refusals.ts'
import { createSecretReport } from '../secret-report.ts'
import { createRefusalTally } from '../tally-refusals.ts'
import { maxSampleMs } from './budgets.ts'
import { createErasureCache } from './erasure-cache.ts'
import { createHandler } from './handler.ts'
import { createLazyReader } from './lazy-reader.ts'

const logger = createLogger('apply-events')
const client = retryingDocumentClient()
const failFastClient = failFastDocumentClient()
const sns = snsClient()
const stateTable = environment('STATE_TABLE')
const retentionDays = Number(environment('RETENTION_DAYS'))

const urlSuffix = environment('URL_SUFFIX')
const jsonDynamodb = lambdaClient('dynamodb', urlSuffix)
const reportRefusalError = (message: string, error: unknown) => logger.warn(message, { error: asError(error) })
// The secret is read for the first time when a callback must be verified, which is rare.
const keys = createLazyReader(() =>
  createSecretReader({
    client: lambdaClient('secretsmanager', urlSuffix),
    secretArn: environment('CHECK_CODE_SECRET_ARN'),
    parse: parseCheckCodeSecret,
    reportUnusable: createSecretReport('check code', logger),
  }),
)

export const handler = createHandler({
  log: dynamodbEventLog({ client, tableName: environment('EVENT_LOG_TABLE'), retentionDays }),
  store: dynamodbProjectionStore({ client, tableName: stateTable, retentionDays }),
  rules: {
    alertWindowMs: Number(environment('ALERT_WINDOW_MINUTES')) * 60_000,
    retentionDays,
    timeZone: environment('TIME_ZONE'),
  },
  erasures: createErasureCache(dynamodbErasureReader(client, stateTable), Date.now),
  counter: dynamodbCallbackCounter(failFastClient, stateTable, retentionDays),
  retries: sqsRetryQueue(sqsClient(), environment('EVENT_QUEUE_URL')),
  failures: dynamodbFailureRecorder(failFastClient, stateTable),
  maxReceiveCount: Number(environment('MAX_RECEIVE_COUNT')),
  now: Date.now,
  alerts: snsAlertTopic(sns, environment('ALERT_TOPIC_ARN')),
  openWarnings: dynamodbOpenWarningRecorder(client, stateTable),
  roomEvents: snsRoomEventTopic(sns, environment('ROOM_EVENT_TOPIC_ARN')),
  keys,
  allowUnsigned: environment('ALLOW_UNSIGNED') === 'true',
  countRefusal(outcome) {
    // The metric of the receiver, so that its graphs and its alarm include these callbacks.
    const metrics = createMetrics('receive-callback')
    metrics.addDimension(outcomeDimension, outcome)
    metrics.addMetric(metricNames.callbacks, MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
  },
  sampleRefusal: createRefusalSampler({
    samples: refusedSampleWriter(jsonDynamodb, stateTable),
    keys,
    maxSampleMs,
    reportError: reportRefusalError,
  }),
  tallyRefusals: createRefusalTally({
    counter: dynamodbRefusalCounter(jsonDynamodb, stateTable, retentionDays),
    maxSaveMs: maxSampleMs,
    reportError: reportRefusalError,
  }),
  logger,
  metrics: createMetrics('apply-events'),
})
