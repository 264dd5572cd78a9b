import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { requestOptions } from '../request-options.ts'
import { type ItemKey, keyText } from './keys.ts'

/** DynamoDB's limit of one BatchGetItem request. */
const maxBatchKeys = 100
/** The waits after responses with unprocessed keys: doubling from the first to the longest. ms. */
const minWaitMs = 50
const maxWaitMs = 2000
/** Waits in a row, about 15 s, during which DynamoDB processed no key. */
const maxIdleWaits = 12

/**
 * Reads the items of the state table that have these keys. Requests repeated keys only once.
 *
 * DynamoDB leaves keys unprocessed if the partition is throttled or the response would exceed 16 MB. They are requested again
 * after a wait, which doubles while no key is processed.
 *
 * @returns the items that exist, by `keyText`.
 * @throws if DynamoDB leaves all keys unprocessed for about 15 s; the signal's reason if it aborts.
 */
export async function readItems<Item extends ItemKey>(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly ItemKey[],
  { consistent, signal }: { readonly consistent: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>()
  let pending = [...new Map(keys.map(({ group, item }) => [keyText({ group, item }), { group, item }])).values()]
  let idleWaits = 0
  while (pending.length > 0) {
    const Keys = pending.slice(0, maxBatchKeys)
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: consistent } } }),
      requestOptions(signal),
    )
    for (const item of (Responses?.[tableName] ?? []) as Item[]) found.set(keyText(item), item)
    const unprocessed = (UnprocessedKeys?.[tableName]?.Keys ?? []) as typeof pending
    pending = [...unprocessed, ...pending.slice(maxBatchKeys)]
    if (unprocessed.length === 0) continue
    if (unprocessed.length < Keys.length) idleWaits = 0
    if (idleWaits === maxIdleWaits) throw new Error('DynamoDB keeps leaving keys unprocessed')
    await waitBeforeRetry(idleWaits++, signal)
  }
  return found
}

/**
 * Half of the wait is random, so that concurrent readers do not return at the same moment.
 *
 * @throws the signal's reason if it aborts.
 */
function waitBeforeRetry(idleWaits: number, signal: AbortSignal | undefined): Promise<void> {
  const waitMs = Math.min(minWaitMs * 2 ** idleWaits, maxWaitMs)
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const finish = () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const timer = setTimeout(finish, waitMs * (0.5 + Math.random() / 2))
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
  })
}
