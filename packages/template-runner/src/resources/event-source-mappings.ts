import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import { Poller } from '../polling/poller.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'
import { readProperties, unused } from './properties.ts'

const mappingSchema = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string().regex(/^arn:aws:sqs:/, 'the local runner polls queues only'),
  BatchSize: z.coerce.number().int().min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: z.coerce.number().int().min(0).max(300).default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.coerce.number().int().min(2).optional() }).default({}),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(true),
  Tags: unused,
})

/** More concurrent batches would only compete for the cores of one machine. */
const maxLocalConcurrency = 2

/** Lambda requires a batching window for larger batches. */
const maxBatchSizeWithoutWindow = 10

/** Lambda creates a mapping only if the function's role allows these actions. */
const requiredActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

export const eventSourceMapping: ResourceKind = {
  type: 'AWS::Lambda::EventSourceMapping',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { Id: logicalId } }),
  async create(resources, account) {
    for (const resource of resources) {
      const poller = await createPoller(resource, account)
      if (poller) account.pollers.push(poller)
    }
  },
}

async function createPoller(resource: Resource, account: EmulatedAccount): Promise<Poller | undefined> {
  const { logicalId } = resource
  const properties = readProperties(mappingSchema, resource)
  const { EventSourceArn: queueArn, BatchSize: batchSize, MaximumBatchingWindowInSeconds: windowSeconds } = properties
  const pool = account.functions.get(properties.FunctionName.split(':').at(-1) ?? '')
  if (!pool) throw new StartupError(`${logicalId}: there is no function ${properties.FunctionName}`)
  const queue = account.stack.of('AWS::SQS::Queue').find(({ identity }) => identity.attributes.Arn === queueArn)
  if (!queue) throw new StartupError(`${logicalId}: there is no queue ${queueArn}`)
  checkLimits(logicalId, properties, pool, queue)
  await checkGrants(logicalId, pool.settings.name, queueArn, account)
  if (!properties.Enabled) return undefined
  return new Poller(
    {
      logicalId,
      queueUrl: queue.identity.ref,
      queueArn,
      region: account.target.region,
      pool,
      batchSize,
      windowSeconds: account.settings.batchingWindowSeconds ?? windowSeconds,
      reportsItemFailures: properties.FunctionResponseTypes.length > 0,
      maxConcurrency: Math.min(properties.ScalingConfig.MaximumConcurrency ?? maxLocalConcurrency, maxLocalConcurrency),
      deliveryFaults: account.deliveryFaults,
      log: account.log,
    },
    account.messaging.sqs,
  )
}

/** Checks what Lambda checks when it creates a mapping. @throws StartupError if the mapping would be rejected. */
function checkLimits(
  logicalId: string,
  { BatchSize, MaximumBatchingWindowInSeconds }: z.output<typeof mappingSchema>,
  { settings }: FunctionPool,
  queue: Resource,
): void {
  if (BatchSize > maxBatchSizeWithoutWindow && MaximumBatchingWindowInSeconds < 1) {
    throw new StartupError(
      `${logicalId}: a BatchSize over ${maxBatchSizeWithoutWindow} needs a MaximumBatchingWindowInSeconds of at least 1`,
    )
  }
  const visibilityTimeoutSeconds = Number(queue.properties.VisibilityTimeout ?? 30)
  if (visibilityTimeoutSeconds >= settings.timeoutSeconds) return
  throw new StartupError(
    `${logicalId}: the queue's visibility timeout (${visibilityTimeoutSeconds} s) is less than the function's timeout (${settings.timeoutSeconds} s)`,
  )
}

async function checkGrants(logicalId: string, functionName: string, queueArn: string, account: EmulatedAccount) {
  const principal = account.principals.values().find((candidate) => candidate.functionName === functionName)
  if (!principal) return
  for (const action of requiredActions) {
    const { allowed } = await account.access.decide(principal, { action, resource: queueArn })
    if (!allowed) throw new StartupError(`${logicalId}: the role of ${principal.path} lacks ${action} on ${queueArn}`)
  }
}
