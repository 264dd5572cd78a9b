import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AwsService, AwsServiceError, callService, createAdminCall } from '../endpoint/aws-call.ts'

const describeOutputSchema = z.object({ Table: z.object({ TableStatus: z.string() }) })

/** DynamoDB, including the embedded one, creates tables asynchronously. */
const maxWaitMs = 30_000
const pollIntervalMs = 5

/**
 * Creates a table unless it exists, and waits until it is active.
 *
 * @param table input of CreateTable.
 * @throws Error if the table is not active after 30 seconds.
 */
export async function createTable(
  dynamodb: AwsService,
  region: string,
  table: { readonly TableName: string; readonly [parameter: string]: unknown },
): Promise<void> {
  try {
    await callService(dynamodb, createAdminCall('dynamodb', 'CreateTable', region, table))
  } catch (error) {
    // An external DynamoDB still has the tables of the last run.
    if (!(error instanceof AwsServiceError && error.code === 'ResourceInUseException')) throw error
  }
  const deadlineMs = Date.now() + maxWaitMs
  for (;;) {
    const { TableName } = table
    const output = await callService(dynamodb, createAdminCall('dynamodb', 'DescribeTable', region, { TableName }))
    if (describeOutputSchema.parse(output).Table.TableStatus === 'ACTIVE') return
    if (Date.now() > deadlineMs) {
      throw new Error(`dynamodb: table ${TableName} is not active after ${maxWaitMs / 1000} s`)
    }
    await sleep(pollIntervalMs)
  }
}
