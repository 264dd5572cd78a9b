import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type SweepAlertKind, type SweepAlertState, sweepAlertKinds } from '../core/notifications/sweep-alerts.ts'
import type { HealthReader } from '../core/ports/health-reader.ts'
import type { AwsJsonClient } from './aws-json/client.ts'
import { readCallbackActivity } from './dynamodb/callback-counter.ts'
import { readSweeps } from './dynamodb/sweep-alert-store.ts'

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
      const [callbacks, queue_depth, dead_letters, sweeps] = await Promise.all([
        readCallbackActivity(dynamodb, stateTable, now(), signal),
        readQueueDepth(sqs, eventQueueUrl, signal),
        readQueueDepth(sqs, deadLetterQueueUrl, signal),
        readSweeps(dynamodb, stateTable, signal),
      ])
      const { reconciliation, drift, last_sweep_at, last_sweep_ok } = sweeps.status
      return {
        callbacks_last_hour: callbacks.lastHour,
        last_callback_at: callbacks.lastAt,
        queue_depth,
        dead_letters,
        reconciliation,
        open_alerts: reconciliation === 'on' ? listOpenAlerts(sweeps.alerts, callbacks.lastAt) : [],
        drift_last_sweep: drift,
        last_sweep_at,
        last_sweep_ok,
      }
    },
  }
}

/** The next sweep sends the all-clear of missing callbacks; until then, a callback that has arrived already counts. */
function listOpenAlerts(
  { open, silence }: SweepAlertState,
  lastCallbackAt = Number.NEGATIVE_INFINITY,
): readonly SweepAlertKind[] {
  const areCallbacksBack = silence !== undefined && lastCallbackAt >= silence.since
  return sweepAlertKinds.filter(
    (kind) => open[kind] !== undefined && !(kind === 'callbacks_missing' && areCallbacksBack),
  )
}

/** Number of messages in the queue, including those being processed. */
async function readQueueDepth(sqs: AwsJsonClient, queueUrl: string, signal: AbortSignal | undefined): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
  const input = { QueueUrl: queueUrl, AttributeNames: names }
  const output = await sqs('AmazonSQS.GetQueueAttributes', input, signal)
  const { Attributes = {} } = output as { Attributes?: Record<string, string> }
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
}
