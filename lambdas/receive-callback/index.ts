import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { dynamodbRefusalCounter } from '../../adapters/dynamodb/refusal-counter.ts'
import { refusedSampleWriter } from '../../adapters/dynamodb/refused-sample-writer.ts'
import { parseCheckCodeSecret, parseEdgeKeySecret } from '../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../adapters/secrets/secret-reader.ts'
import { sqsEventQueue } from '../../adapters/sqs/event-queue.ts'
import * as metricNames from '../../names/metrics.ts'
import { outcomeDimension, readingDimension } from '../../names/outcomes.ts'
import { asError } from '../as-error.ts'
import { environment, optionalEnvironment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createRefusalSampler } from '../sample-refusals.ts'
import { createSecretReport } from '../secret-report.ts'
import { createRefusalTally } from '../tally-refusals.ts'
import { firstAttemptMs, maxSampleMs } from './budgets.ts'
import { createHandler } from './handler.ts'

const logger = createLogger('receive-callback')
const metrics = createMetrics('receive-callback')
const urlSuffix = environment('URL_SUFFIX')
const secrets = lambdaClient('secretsmanager', urlSuffix)
const readSecret = <Value>(name: string, secretArn: string, parse: (text: string) => Value | undefined) =>
  createSecretReader({ client: secrets, secretArn, parse, reportUnusable: createSecretReport(name, logger) })
const dynamodb = lambdaClient('dynamodb', urlSuffix)
const stateTable = environment('STATE_TABLE')
const reportRefusalError = (message: string, error: unknown) => logger.warn(message, { error: asError(error) })
// Set only if plain HTTP is accepted and source addresses are checked.
const edgeKeySecretArn = optionalEnvironment('EDGE_KEY_SECRET_ARN')

const keys = readSecret('check code', environment('CHECK_CODE_SECRET_ARN'), parseCheckCodeSecret)
const edgeKey =
  edgeKeySecretArn === undefined ? undefined : readSecret('edge key', edgeKeySecretArn, parseEdgeKeySecret)

export const handler = createHandler({
  queue: sqsEventQueue({
    client: lambdaClient('sqs', urlSuffix),
    queueUrl: environment('EVENT_QUEUE_URL'),
    firstAttemptMs,
  }),
  keys,
  allowUnsigned: environment('ALLOW_UNSIGNED') === 'true',
  allowedCidrs: environment('ALLOWED_CIDRS').split(',').filter(Boolean),
  edgeKey,
  count(outcome, request) {
    // Nearly all callbacks are accepted. Lambda's invocation count covers them, so they need no metric, only a short log
    // line with which a callback can be followed by its trace_id (docs/decisions/0007).
    if (outcome === 'accepted') {
      process.stdout.write(`${JSON.stringify({ accepted: request.trace_id, request_id: request.request_id })}\n`)
      return
    }
    for (const [name, value] of Object.entries(request)) metrics.addMetadata(name, value)
    metrics.addDimension(outcomeDimension, outcome)
    metrics.addMetric(metricNames.callbacks, MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
  },
  countOtherReading(reading) {
    metrics.addDimension(readingDimension, reading)
    metrics.addMetric(metricNames.otherReadings, MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
  },
  sampleRefusal: createRefusalSampler({
    samples: refusedSampleWriter(dynamodb, stateTable),
    keys,
    maxSampleMs,
    reportError: reportRefusalError,
  }),
  tallyRefusals: createRefusalTally({
    counter: dynamodbRefusalCounter(dynamodb, stateTable, Number(environment('RETENTION_DAYS'))),
    maxSaveMs: maxSampleMs,
    reportError: reportRefusalError,
  }),
  reportError: (message, error, request) => logger.error(message, { ...request, error: asError(error) }),
})
