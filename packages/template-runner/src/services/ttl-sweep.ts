import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AwsService, callService, createAdminCall } from '../endpoint/aws-call.ts'

interface ExpiringTable {
  readonly table: string
  /** Names of the key attributes. */
  readonly keys: readonly string[]
  /** The attribute with the expiry time in epoch seconds. */
  readonly attribute: string
}

const sweepIntervalMs = 30_000
/** The pages are small, with a pause after each, because the database shares its thread with the rest of the runner. */
const pageSize = 200
const pagePauseMs = 20
/** DynamoDB keeps items that expired longer ago than five years. */
const maxExpiredSeconds = 5 * 365 * 86_400

const pageSchema = z.object({
  Items: z.array(z.record(z.string(), z.unknown())),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
})

interface SweepEnvironment {
  readonly dynamodb: AwsService
  readonly target: { readonly region: string }
  readonly log: (line: string) => void
}

/** Starts to delete expired items periodically. @returns a function that stops it. */
export function startTtlSweep(expiring: ExpiringTable, environment: SweepEnvironment): () => void {
  let stopped = false
  let running = false
  const timer = setInterval(async () => {
    if (running) return
    running = true
    try {
      await sweepExpired(expiring, environment, Math.floor(Date.now() / 1000), () => stopped)
    } catch (error) {
      if (!stopped) environment.log(`${expiring.table}: the TTL sweep failed: ${String(error)}`)
    }
    running = false
  }, sweepIntervalMs)
  timer.unref()
  return () => {
    stopped = true
    clearInterval(timer)
  }
}

/** Deletes the expired items of a table. @param nowSeconds epoch seconds. @returns the number of deleted items. */
export async function sweepExpired(
  { table, keys, attribute }: ExpiringTable,
  { dynamodb, target }: SweepEnvironment,
  nowSeconds: number,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const names = Object.fromEntries([...keys, attribute].map((name, index) => [`#n${index}`, name]))
  const ttl = { '#ttl': attribute }
  const bounds = { ':old': { N: String(nowSeconds - maxExpiredSeconds) }, ':now': { N: String(nowSeconds) } }
  let deleted = 0
  let startKey: Record<string, unknown> | undefined
  do {
    const page = pageSchema.parse(
      await callService(
        dynamodb,
        createAdminCall('dynamodb', 'Scan', target.region, {
          TableName: table,
          Limit: pageSize,
          FilterExpression: '#ttl BETWEEN :old AND :now',
          ProjectionExpression: Object.keys(names).join(', '),
          ExpressionAttributeNames: { ...names, ...ttl },
          ExpressionAttributeValues: bounds,
          ...(startKey && { ExclusiveStartKey: startKey }),
        }),
      ),
    )
    for (const item of page.Items) {
      const Key = Object.fromEntries(keys.map((name) => [name, item[name]]))
      deleted += await deleteExpired(dynamodb, target.region, { table, Key, ttl, bounds })
    }
    startKey = page.LastEvaluatedKey
    await sleep(pagePauseMs)
  } while (startKey && !isStopped())
  return deleted
}

/** Deletes an item unless its expiry time changed since it was read. @returns the number of deleted items. */
async function deleteExpired(
  dynamodb: AwsService,
  region: string,
  { table, Key, ttl, bounds }: { table: string; Key: object; ttl: object; bounds: object },
): Promise<number> {
  try {
    await callService(
      dynamodb,
      createAdminCall('dynamodb', 'DeleteItem', region, {
        TableName: table,
        Key,
        ConditionExpression: '#ttl BETWEEN :old AND :now',
        ExpressionAttributeNames: ttl,
        ExpressionAttributeValues: bounds,
      }),
    )
    return 1
  } catch {
    return 0
  }
}
