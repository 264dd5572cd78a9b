import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

export type ItemKey = { readonly group: string; readonly item: string }

/** The most that one BatchGetItem takes. */
const maxBatchKeys = 100

/** A key of the state table as text. */
export function keyText({ group, item }: ItemKey): string {
  return `${group} ${item}`
}

/**
 * The items of the state table that have these keys, by `keyText`; each key is asked for once.
 *
 * @throws where DynamoDB keeps leaving keys unread.
 */
export async function readItems<Item extends ItemKey>(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly ItemKey[],
  { consistent }: { readonly consistent: boolean },
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>()
  let pending = [...new Map(keys.map(({ group, item }) => [keyText({ group, item }), { group, item }])).values()]
  for (let round = 0; pending.length > 0; round++) {
    if (round > keys.length) throw new Error('DynamoDB keeps leaving keys unread')
    const Keys = pending.slice(0, maxBatchKeys)
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: consistent } } }),
    )
    for (const item of (answer.Responses?.[tableName] ?? []) as Item[]) found.set(keyText(item), item)
    const unread = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as typeof pending
    pending = [...unread, ...pending.slice(maxBatchKeys)]
  }
  return found
}
