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
    async read(signal) {
      const [lastHour, queue_depth, dead_letters, sweeps] = await Promise.all([
        readEventsLastHour(dynamodb, stateTable, now(), signal),
        readQueueDepth(sqs, eventQueueUrl, signal),
        readQueueDepth(sqs, deadLetterQueueUrl, signal),
        readSweepStatus(dynamodb, stateTable, signal),
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
async function readQueueDepth(sqs: AwsJsonClient, queueUrl: string, signal: AbortSignal | undefined): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
  const input = { QueueUrl: queueUrl, AttributeNames: names }
  const output = await sqs('AmazonSQS.GetQueueAttributes', input, signal)
  const { Attributes = {} } = output as { Attributes?: Record<string, string> }
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
}
