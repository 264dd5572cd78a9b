import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { HealthReader } from '../core/ports/health-reader.ts'
import type { AwsJsonClient } from './aws-json/client.ts'
import { readEventsLastHour } from './dynamodb/event-counter.ts'
import { readSweepStatus } from './dynamodb/sweep-ledger.ts'

export type HealthReaderOptions = {
  readonly dynamodb: DynamoDBDocumentClient
  readonly stateTable: string
  readonly sqs: AwsJsonClient
  readonly eventQueueUrl: string
  readonly deadLetterQueueUrl: string
  readonly now: () => number
}

/** How the installation does, gathered from where each figure is kept. */
export function healthReader({
  dynamodb,
  stateTable,
  sqs,
  eventQueueUrl,
  deadLetterQueueUrl,
  now,
}: HealthReaderOptions): HealthReader {
  async function depthOf(queueUrl: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    const answer = await sqs('AmazonSQS.GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: names })
    const { Attributes = {} } = answer as { Attributes?: Record<string, string> }
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
  }

  return {
    async read() {
      const [lastHour, queue_depth, dead_letters, sweeps] = await Promise.all([
        readEventsLastHour(dynamodb, stateTable, now()),
        depthOf(eventQueueUrl),
        depthOf(deadLetterQueueUrl),
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
