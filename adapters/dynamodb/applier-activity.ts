import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { ApplierActivityReader, FailureRecorder } from '../../core/ports/applier-activity.ts'
import { recoveryMs } from '../../core/retries/recovery.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { countCallbacks } from './callback-counter.ts'
import { type ItemKey, keyText } from './keys.ts'

const failureKey = { group: 'applier', item: 'failure' }

/** `at`: ms since 1970, when a message failed last. Of concurrent batches, the last one sets it. */
type FailureItem = ItemKey & { readonly at: number }

/** Stores when a message failed last in one item. */
export function dynamodbFailureRecorder(client: DynamoDBDocumentClient, stateTable: string): FailureRecorder {
  return {
    async record(now, signal) {
      const Item: FailureItem = { ...failureKey, at: now }
      await client.send(new PutCommand({ TableName: stateTable, Item }), requestOptions(signal))
    },
  }
}

export function dynamodbApplierActivityReader(
  client: DynamoDBDocumentClient,
  stateTable: string,
): ApplierActivityReader {
  return {
    async read(now, signal) {
      const [failures, appliedCallbacks] = await Promise.all([
        readItems<FailureItem>(client, stateTable, [failureKey], { consistent: true, signal }),
        countCallbacks(client, stateTable, { now, sinceMs: recoveryMs }, signal),
      ])
      return { lastFailureAt: failures.get(keyText(failureKey))?.at, appliedCallbacks }
    },
  }
}
