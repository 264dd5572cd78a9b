import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type AvdSettings, parseAvdSecret } from '../../adapters/avd/avd-settings.ts'
import { avdPlatform } from '../../adapters/avd/platform.ts'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbPresenceReader } from '../../adapters/dynamodb/presence-reader.ts'
import { dynamodbSweepLedger } from '../../adapters/dynamodb/sweep-ledger.ts'
import { cachedSecret } from '../../adapters/secrets/cached-secret.ts'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { snsClient } from '../../adapters/sns/client.ts'
import { sqsCorrectionQueue } from '../../adapters/sqs/correction-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import type { Platform } from '../../core/ports/platform.ts'
import { environment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { secretTimeoutMs } from './budgets.ts'
import { createHandler } from './handler.ts'

const client = documentClient()
const stateTable = environment('STATE_TABLE')
const avdSecret = cachedSecret({
  client: lambdaClient('secretsmanager', environment('URL_SUFFIX')),
  secretArn: environment('AVD_SECRET_ARN'),
  requestTimeoutMs: secretTimeoutMs,
})

/** The platform client, which holds a token. It is reused between sweeps until the secret changes. */
let current: { settings: AvdSettings; platform: Platform } | undefined

async function platform(): Promise<Platform | undefined> {
  const settings = parseAvdSecret(await avdSecret.read(), environment('AVD_BASE_URL'))
  if (settings === undefined) return undefined
  if (!isDeepStrictEqual(settings, current?.settings)) current = { settings, platform: avdPlatform(settings) }
  return current?.platform
}

export const handler = createHandler({
  platform,
  presences: dynamodbPresenceReader(client, { stateTable, eventLogTable: environment('EVENT_LOG_TABLE') }),
  ledger: dynamodbSweepLedger(client, stateTable),
  queue: sqsCorrectionQueue(sqsClient(), environment('EVENT_QUEUE_URL')),
  alerts: snsAlertTopic(snsClient(), environment('ALERT_TOPIC_ARN')),
  timeZone: environment('TIME_ZONE'),
  graceMs: Number(environment('SWEEP_GRACE_SECONDS')) * 1000,
  hash: (text) => createHash('sha256').update(text).digest('hex').slice(0, 32),
  now: Date.now,
  logger: createLogger('reconcile-rooms'),
  metrics: createMetrics('reconcile-rooms'),
})
