import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { cachedSecret } from '../../adapters/secrets/cached-secret.ts'
import { sqsEventQueue } from '../../adapters/sqs/event-queue.ts'
import { metricNames } from '../../names/metrics.ts'
import { environment, optionalEnvironment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createHandler } from './handler.ts'
import { checkCodeKeys } from './keys.ts'

const logger = createLogger('receive-callback')
const metrics = createMetrics('receive-callback')
const urlSuffix = environment('URL_SUFFIX')
const secrets = lambdaClient('secretsmanager', urlSuffix)
// Only where plain HTTP is taken, and addresses are looked at.
const edgeKeySecretArn = optionalEnvironment('EDGE_KEY_SECRET_ARN')

export const handler = createHandler({
  queue: sqsEventQueue({ client: lambdaClient('sqs', urlSuffix), queueUrl: environment('EVENT_QUEUE_URL') }),
  keys: checkCodeKeys(cachedSecret({ client: secrets, secretArn: environment('CHECK_CODE_SECRET_ARN') })),
  allowUnsigned: environment('ALLOW_UNSIGNED') === 'true',
  allowedCidrs: environment('ALLOWED_CIDRS').split(',').filter(Boolean),
  edgeKey: edgeKeySecretArn === undefined ? undefined : cachedSecret({ client: secrets, secretArn: edgeKeySecretArn }),
  count(outcome, request) {
    // Nearly all are accepted: Lambda's count of invocations is their figure, so that they need no metric, only a line
    // by which a callback can be found, and followed by its trace_id.
    if (outcome === 'accepted') {
      // Each byte of it is paid for with every event (docs/decisions/0007).
      process.stdout.write(`${JSON.stringify({ accepted: request.trace_id, request_id: request.request_id })}\n`)
      return
    }
    for (const [name, value] of Object.entries(request)) metrics.addMetadata(name, value)
    metrics.addDimension('outcome', outcome)
    metrics.addMetric(metricNames.callbacks, MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
  },
  reportError: (message, error, request) =>
    logger.error(message, { ...request, error: error instanceof Error ? error : new Error(String(error)) }),
})
