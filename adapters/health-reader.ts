import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { HealthReader } from '../lambdas/query-api/readers.ts'
import type { AwsJsonClient } from './aws-json/client.ts'
import { readEventsLastHour } from './dynamodb/event-counter.ts'
import { readSweepStatus } from './dynamodb/sweep-ledger.ts'

export type HealthReaderOptions = {
  readonly dynamodb: DynamoDBDocumentClient
  readonly stateTable: string
  readonly sqs: AwsJsonClient
  readonly deadLetterQueueUrl: string
  readonly now: () => number
}

/** How the installation does, gathered from where each figure is kept. */
export function healthReader({
  dynamodb,
  stateTable,
  sqs,
  deadLetterQueueUrl,
  now,
}: HealthReaderOptions): HealthReader {
  async function deadLetters(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    const answer = await sqs('AmazonSQS.GetQueueAttributes', { QueueUrl: deadLetterQueueUrl, AttributeNames: names })
    const { Attributes = {} } = answer as { Attributes?: Record<string, string> }
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
  }

  return {
    async read() {
      const [events_last_hour, dead_letters, sweeps] = await Promise.all([
        readEventsLastHour(dynamodb, stateTable, now()),
        deadLetters(),
        readSweepStatus(dynamodb, stateTable),
      ])
      const { reconciliation, drift, last_sweep_at, last_sweep_ok } = sweeps
      return { events_last_hour, dead_letters, reconciliation, drift_last_sweep: drift, last_sweep_at, last_sweep_ok }
    },
  }
}
