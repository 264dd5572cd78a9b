import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { cachedSecret } from '../../adapters/secrets/cached-secret.ts'
import { sqsEventQueue } from '../../adapters/sqs/event-queue.ts'
import { environment } from '../environment.ts'
import { createHandler } from './handler.ts'
import { checkCodeKeys } from './keys.ts'

const logger = new Logger({ serviceName: 'receive-callback' })
const metrics = new Metrics({ namespace: 'Northbound', serviceName: 'receive-callback' })
const urlSuffix = environment('URL_SUFFIX')

export const handler = createHandler({
  queue: sqsEventQueue({ client: lambdaClient('sqs', urlSuffix), queueUrl: environment('EVENT_QUEUE_URL') }),
  keys: checkCodeKeys(
    cachedSecret({
      client: lambdaClient('secretsmanager', urlSuffix),
      secretArn: environment('CHECK_CODE_SECRET_ARN'),
    }),
  ),
  allowUnsigned: environment('ALLOW_UNSIGNED') === 'true',
  allowedCidrs: environment('ALLOWED_CIDRS').split(',').filter(Boolean),
  count(outcome) {
    metrics.addDimension('outcome', outcome)
    metrics.addMetric('Callbacks', MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
  },
  reportError: (message, error) => logger.error(message, error instanceof Error ? error : new Error(String(error))),
})
