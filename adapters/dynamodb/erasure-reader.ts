import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ErasureReader } from '../../core/ports/erasures.ts'
import { readItems } from './batch-get.ts'
import { activeKey, type ErasureItem, fromErasureItem } from './erasure-item.ts'
import { keyText } from './keys.ts'

/** Reads the erasures with one request, strongly consistent. @param now ms since 1970. */
export function dynamodbErasureReader(
  client: DynamoDBDocumentClient,
  stateTable: string,
  now: () => number = Date.now,
): ErasureReader {
  return {
    async read(signal) {
      const items = await readItems<ErasureItem>(client, stateTable, [activeKey], { consistent: true, signal })
      const item = items.get(keyText(activeKey))
      return item && fromErasureItem(item, now())
    },
  }
}
