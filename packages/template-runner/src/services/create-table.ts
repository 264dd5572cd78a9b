import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AwsService, AwsServiceError, callService, createAdminCall } from '../endpoint/aws-call.ts'

const describedSchema = z.object({ Table: z.object({ TableStatus: z.string() }) })

/** Even the embedded DynamoDB makes a table a moment after it has said yes. */
const longestWait = 30_000

/** Makes a table, unless it is there, and waits until it can be used. @param table input of CreateTable. */
export async function createTable(
  dynamodb: AwsService,
  region: string,
  table: { readonly TableName: string; readonly [parameter: string]: unknown },
): Promise<void> {
  try {
    await callService(dynamodb, createAdminCall('dynamodb', 'CreateTable', region, table))
  } catch (error) {
    // A DynamoDB that outlives the runner has the tables of the last start.
    if (!(error instanceof AwsServiceError && error.code === 'ResourceInUseException')) throw error
  }
  const end = Date.now() + longestWait
  for (;;) {
    const { TableName } = table
    const described = await callService(dynamodb, createAdminCall('dynamodb', 'DescribeTable', region, { TableName }))
    if (describedSchema.parse(described).Table.TableStatus === 'ACTIVE') return
    if (Date.now() > end) throw new Error(`dynamodb: table ${TableName} is not active after ${longestWait / 1000} s`)
    await sleep(5)
  }
}
