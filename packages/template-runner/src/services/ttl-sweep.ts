import { z } from 'zod'
import { type AwsService, callService, createAdminCall } from '../endpoint/aws-call.ts'

export interface ExpiringTable {
  readonly table: string
  /** Names of the key attributes. */
  readonly keys: readonly string[]
  /** The attribute with the epoch seconds. */
  readonly attribute: string
}

const every = 30_000
/** Small pages with a pause between them: the database shares its thread with everything else. */
const pageSize = 200
const pause = 20
/** DynamoDB leaves alone what expired longer ago than this: such a number is hardly meant as a time. */
const oldestSeconds = 5 * 365 * 86_400

const pageSchema = z.object({
  Items: z.array(z.record(z.string(), z.unknown())),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
})

interface SweepEnvironment {
  readonly dynamodb: AwsService
  readonly target: { readonly region: string }
  readonly log: (line: string) => void
}

/** Deletes expired items now and then. @returns what ends it. */
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
  }, every)
  timer.unref()
  return () => {
    stopped = true
    clearInterval(timer)
  }
}

/** One pass over the table. @param nowSeconds epoch seconds. @returns how many items it deleted. */
export async function sweepExpired(
  { table, keys, attribute }: ExpiringTable,
  { dynamodb, target }: SweepEnvironment,
  nowSeconds: number,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const names = Object.fromEntries([...keys, attribute].map((name, index) => [`#n${index}`, name]))
  const ttl = { '#ttl': attribute }
  const bounds = { ':old': { N: String(nowSeconds - oldestSeconds) }, ':now': { N: String(nowSeconds) } }
  let deleted = 0
  let from: Record<string, unknown> | undefined
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
          ...(from && { ExclusiveStartKey: from }),
        }),
      ),
    )
    for (const item of page.Items) {
      const Key = Object.fromEntries(keys.map((name) => [name, item[name]]))
      deleted += await deleteExpired(dynamodb, target.region, { table, Key, ttl, bounds })
    }
    from = page.LastEvaluatedKey
    await new Promise((resume) => setTimeout(resume, pause))
  } while (from && !isStopped())
  return deleted
}

/** Conditional, because the item may have been given more time since it was read. */
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
