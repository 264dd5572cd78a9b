import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type SweepAlertKind, type SweepAlertState, sweepAlertKinds } from '../core/notifications/sweep-alerts.ts'
import type { HealthReader } from '../core/ports/health-reader.ts'
import type { AwsJsonClient } from './aws-json/client.ts'
import { readItems } from './dynamodb/batch-get.ts'
import { readCallbackActivity } from './dynamodb/callback-counter.ts'
import { type ItemKey, keyText } from './dynamodb/keys.ts'
import { hasOpenWarnings } from './dynamodb/open-warnings.ts'
import { sampleKeys } from './dynamodb/refused-sample-item.ts'
import { sweepKeys, toSweeps } from './dynamodb/sweep-alert-store.ts'

export type HealthReaderOptions = {
  readonly dynamodb: DynamoDBDocumentClient
  readonly stateTable: string
  readonly sqs: AwsJsonClient
  readonly eventQueueUrl: string
  readonly deadLetterQueueUrl: string
  /** ms since 1970 */
  readonly now: () => number
}

const refusedKeys = sampleKeys('check_code_wrong')
/** What one request reads of the state table. */
const keys = [...sweepKeys, ...refusedKeys]

export function healthReader(options: HealthReaderOptions): HealthReader {
  const { dynamodb, stateTable, sqs, eventQueueUrl, deadLetterQueueUrl, now } = options
  return {
    async read(signal) {
      const [callbacks, queue_depth, dead_letters, has_open_warnings, items] = await Promise.all([
        readCallbackActivity(dynamodb, stateTable, now(), signal),
        readQueueDepth(sqs, eventQueueUrl, signal),
        readQueueDepth(sqs, deadLetterQueueUrl, signal),
        hasOpenWarnings(dynamodb, stateTable, signal),
        readItems<ItemKey & { readonly at?: number }>(dynamodb, stateTable, keys, { consistent: false, signal }),
      ])
      const sweeps = toSweeps(items)
      const refusedAt = refusedKeys.flatMap((key) => items.get(keyText(key))?.at ?? [])
      const { reconciliation, drift, last_sweep_at, last_sweep_ok } = sweeps.status
      return {
        callbacks_last_hour: callbacks.lastHour,
        last_callback_at: callbacks.lastAt,
        queue_depth,
        dead_letters,
        has_open_warnings,
        last_wrong_check_code_at: refusedAt.length === 0 ? undefined : Math.max(...refusedAt),
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
