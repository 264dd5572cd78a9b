import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { parseAvdSecret } from '../../adapters/avd/avd-settings.ts'
import { configuredPlatform } from '../../adapters/avd/configured-platform.ts'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { dynamodbCallbackClock } from '../../adapters/dynamodb/callback-counter.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbOpenWarnings } from '../../adapters/dynamodb/open-warnings.ts'
import { dynamodbPresenceReader } from '../../adapters/dynamodb/presence-reader.ts'
import { dynamodbSweepAlertStore } from '../../adapters/dynamodb/sweep-alert-store.ts'
import { dynamodbSweepLedger } from '../../adapters/dynamodb/sweep-ledger.ts'
import { dynamodbWarningSlots } from '../../adapters/dynamodb/warning-slots.ts'
import { createSecretReader } from '../../adapters/secrets/secret-reader.ts'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { snsClient } from '../../adapters/sns/client.ts'
import { sqsCorrectionQueue } from '../../adapters/sqs/correction-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import { environment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createSecretReport } from '../secret-report.ts'
import { secretBudgetMs } from './budgets.ts'
import { createHandler } from './handler.ts'

const client = documentClient()
const stateTable = environment('STATE_TABLE')
const logger = createLogger('reconcile-rooms')
const avdBaseUrl = environment('AVD_BASE_URL')
const avdSecret = createSecretReader({
  client: lambdaClient('secretsmanager', environment('URL_SUFFIX')),
  secretArn: environment('AVD_SECRET_ARN'),
  parse: (text) => parseAvdSecret(text, avdBaseUrl),
  reportUnusable: createSecretReport('AVD', logger),
})

export const handler = createHandler({
  platform: configuredPlatform(avdSecret, secretBudgetMs),
  presences: dynamodbPresenceReader(client, { stateTable, eventLogTable: environment('EVENT_LOG_TABLE') }),
  ledger: dynamodbSweepLedger(client, stateTable),
  warningSlots: dynamodbWarningSlots(client, stateTable),
  openWarnings: dynamodbOpenWarnings(client, stateTable),
  rules: { alertWindowMs: Number(environment('ALERT_WINDOW_MINUTES')) * 60_000 },
  queue: sqsCorrectionQueue(sqsClient(), environment('EVENT_QUEUE_URL')),
  alerts: snsAlertTopic(snsClient(), environment('ALERT_TOPIC_ARN')),
  sweepAlerts: dynamodbSweepAlertStore(client, stateTable),
  callbacks: dynamodbCallbackClock(client, stateTable),
  timeZone: environment('TIME_ZONE'),
  graceMs: Number(environment('SWEEP_GRACE_SECONDS')) * 1000,
  hash: (text) => createHash('sha256').update(text).digest('hex').slice(0, 32),
  now: Date.now,
  sleep: setTimeout,
  logger,
  metrics: createMetrics('reconcile-rooms'),
})
