import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { requestOptions } from '../request-options.ts'
import { type ItemKey, keyText } from './keys.ts'

/** DynamoDB's limit of one BatchGetItem request. */
const maxBatchKeys = 100

/**
 * Reads the items of the state table that have these keys. Requests repeated keys only once.
 *
 * @returns the items that exist, by `keyText`.
 * @throws if DynamoDB repeatedly leaves keys unprocessed.
 */
export async function readItems<Item extends ItemKey>(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly ItemKey[],
  { consistent, signal }: { readonly consistent: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>()
  let pending = [...new Map(keys.map(({ group, item }) => [keyText({ group, item }), { group, item }])).values()]
  for (let round = 0; pending.length > 0; round++) {
    if (round > keys.length) throw new Error('DynamoDB keeps leaving keys unprocessed')
    const Keys = pending.slice(0, maxBatchKeys)
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: consistent } } }),
      requestOptions(signal),
    )
    for (const item of (Responses?.[tableName] ?? []) as Item[]) found.set(keyText(item), item)
    const unprocessed = (UnprocessedKeys?.[tableName]?.Keys ?? []) as typeof pending
    pending = [...unprocessed, ...pending.slice(maxBatchKeys)]
  }
  return found
}
