import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { DeleteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import dynalite from 'dynalite'
import { inject } from 'vitest'
import { z } from 'zod'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { rules } from './apply.ts'
import { type ExpiringStores, retentionDays } from './retention.ts'
import { limitItems } from './strict-stores.ts'

export function dynamodbClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
}

/** Starts a separate in-memory DynamoDB (dynalite). */
export async function startDynalite(): Promise<{ url: string; client: DynamoDBClient; stop: () => void }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = dynamodbClient(url)
  return {
    url,
    client,
    stop() {
      client.destroy()
      server.close()
    },
  }
}

export type Tables = { readonly eventLog: string; readonly state: string }

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
})

let serial = 0

/** Creates the two tables as the synthesized template defines them, under unique names. */
export async function createTables(client: DynamoDBClient): Promise<Tables> {
  const text = await readFile(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')
  const { Resources } = templateSchema.parse(JSON.parse(text))
  const suffix = `${process.pid}-${serial++}`
  const create = async (part: string) => {
    const [, table] =
      Object.entries(Resources).find(([id, { Type }]) => Type === 'AWS::DynamoDB::Table' && id.includes(part)) ?? []
    const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes } = (table?.Properties ?? {}) as Omit<
      CreateTableCommandInput,
      'TableName'
    >
    const TableName = `${part}-${suffix}`
    await client.send(
      new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes }),
    )
    await untilActive(client, TableName)
    return TableName
  }
  return { eventLog: await create('EventLog'), state: await create('State') }
}

/** A table does not exist for other requests before it is active. */
async function untilActive(client: DynamoDBClient, TableName: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  if (Table?.TableStatus === 'ACTIVE') return
  await setTimeout(1)
  await untilActive(client, TableName)
}

export function dynamodbDependencies(client: DynamoDBDocumentClient, tables: Tables): ApplyDependencies {
  const { retentionDays } = rules
  return {
    log: dynamodbEventLog({ client, tableName: tables.eventLog, retentionDays }),
    store: dynamodbProjectionStore({ client, tableName: tables.state, retentionDays }),
    rules,
    now: () => 0,
  }
}

/** Creates stores on new, empty tables, with a log that expires when the test says so. */
export async function createExpiringStores(client: DynamoDBClient): Promise<ExpiringStores> {
  const tables = await createTables(client)
  const documents = documentClient(client)
  const clock = { now: 0 }
  const { rules, ...stores } = dynamodbDependencies(documents, tables)
  return {
    dependencies: { ...stores, rules: { ...rules, retentionDays }, now: () => clock.now },
    clock,
    async expire(before) {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: tables.eventLog }))
      for (const { stream, event_key, received_at } of Items)
        if (received_at < before)
          await documents.send(new DeleteCommand({ TableName: tables.eventLog, Key: { stream, event_key } }))
    },
  }
}

/** Creates stores on new, empty tables. */
export async function createStores(client: DynamoDBClient): Promise<ApplyDependencies> {
  return dynamodbDependencies(limitItems(documentClient(client)), await createTables(client))
}
