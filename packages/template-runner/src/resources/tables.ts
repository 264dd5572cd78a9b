import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { createTable } from '../services/create-table.ts'
import { startTtlSweep } from '../services/ttl-sweep.ts'
import { StartupError } from '../startup-error.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const throughput = z.object({ ReadCapacityUnits: z.coerce.number(), WriteCapacityUnits: z.coerce.number() })
const index = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({ ProjectionType: z.string().optional(), NonKeyAttributes: z.array(z.string()).optional() }),
})

const tableSchema = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  BillingMode: z.string().default('PROVISIONED'),
  ProvisionedThroughput: throughput.optional(),
  GlobalSecondaryIndexes: z.array(index.extend({ ProvisionedThroughput: throughput.optional() })).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: z.coerce.boolean() }).optional(),
  PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.coerce.boolean() }).optional(),
  // Backups, deletion protection and encryption at rest are not emulated.
  DeletionProtectionEnabled: unused,
  SSESpecification: unused,
  Tags: unused,
})

export const table: ResourceKind = {
  type: 'AWS::DynamoDB::Table',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('TableName') ?? physicalName(stackName, logicalId, 255)
    return { ref: name, attributes: { Arn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}` } }
  },
  async create(resources, account) {
    for (const resource of resources) {
      const { TimeToLiveSpecification: timeToLive, ...properties } = readProperties(tableSchema, resource)
      const name = resource.identity.ref
      await createStackTable(name, properties, account)
      account.dynamodb.declareSettings(name, {
        timeToLiveAttribute: timeToLive?.Enabled ? timeToLive.AttributeName : undefined,
        isRecoverable: properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false,
      })
      if (!timeToLive?.Enabled || timeToLive.AttributeName === undefined) continue
      const keys = properties.KeySchema.map(({ AttributeName }) => AttributeName)
      account.onStop(startTtlSweep({ table: name, keys, attribute: timeToLive.AttributeName }, account))
    }
  },
}

async function createStackTable(
  name: string,
  properties: Omit<z.output<typeof tableSchema>, 'TimeToLiveSpecification'>,
  { dynamodb, target }: EmulatedAccount,
): Promise<void> {
  const { DeletionProtectionEnabled, PointInTimeRecoverySpecification, SSESpecification, Tags, ...input } = properties
  try {
    await createTable(dynamodb, target.region, { ...input, TableName: name })
  } catch (error) {
    throw new StartupError(error instanceof Error ? error.message : String(error))
  }
}
