import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { HealthReader } from '../core/ports/health-reader.ts'
import type { AwsJsonClient } from './aws-json/client.ts'
import { readEventsLastHour } from './dynamodb/event-counter.ts'
import { readSweepStatus } from './dynamodb/sweep-status.ts'

export type HealthReaderOptions = {
  readonly dynamodb: DynamoDBDocumentClient
  readonly stateTable: string
  readonly sqs: AwsJsonClient
  readonly eventQueueUrl: string
  readonly deadLetterQueueUrl: string
  /** ms since 1970 */
  readonly now: () => number
}

export function healthReader(options: HealthReaderOptions): HealthReader {
  const { dynamodb, stateTable, sqs, eventQueueUrl, deadLetterQueueUrl, now } = options
  return {
    async read() {
      const [lastHour, queue_depth, dead_letters, sweeps] = await Promise.all([
        readEventsLastHour(dynamodb, stateTable, now()),
        readQueueDepth(sqs, eventQueueUrl),
        readQueueDepth(sqs, deadLetterQueueUrl),
        readSweepStatus(dynamodb, stateTable),
      ])
      const { reconciliation, drift, last_sweep_at, last_sweep_ok } = sweeps
      return {
        events_last_hour: lastHour.events,
        last_event_at: lastHour.last_at,
        queue_depth,
        dead_letters,
        reconciliation,
        drift_last_sweep: drift,
        last_sweep_at,
        last_sweep_ok,
      }
    },
  }
}

/** Number of messages in the queue, including those being processed. */
async function readQueueDepth(sqs: AwsJsonClient, queueUrl: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
  const output = await sqs('AmazonSQS.GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: names })
  const { Attributes = {} } = output as { Attributes?: Record<string, string> }
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
}
