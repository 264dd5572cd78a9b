import { dynamodbApplierActivityReader } from '../../adapters/dynamodb/applier-activity.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { sqsDeadLetterQueue } from '../../adapters/sqs/dead-letter-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import { environment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createHandler } from './handler.ts'

export const handler = createHandler({
  deadLetters: sqsDeadLetterQueue({
    client: sqsClient(),
    deadLetterQueueUrl: environment('DEAD_LETTER_QUEUE_URL'),
    eventQueueUrl: environment('EVENT_QUEUE_URL'),
  }),
  activity: dynamodbApplierActivityReader(documentClient(), environment('STATE_TABLE')),
  now: Date.now,
  logger: createLogger('redrive-dead-letters'),
  metrics: createMetrics('redrive-dead-letters'),
})
