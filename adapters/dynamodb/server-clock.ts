import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { requestOptions } from '../request-options.ts'

/** The header of a response has whole seconds, and a response takes time. */
const maxDifferenceMs = 2_000

export type TableInformation = {
  /** As DynamoDB counted them within the last six hours. */
  readonly itemCount: number
  /** ms by which DynamoDB's clock is ahead of this machine's; 0 if they agree. */
  readonly clockOffsetMs: number
}

/** Describes a table, and compares the clocks. @param now ms since 1970. */
export async function describeTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  signal?: AbortSignal,
  now: () => number = Date.now,
): Promise<TableInformation> {
  const command = new DescribeTableCommand({ TableName: tableName })
  let date: string | undefined
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      date = readDate(result.response)
      return result
    },
    { step: 'deserialize', priority: 'high' },
  )
  const { Table } = await client.send(command, requestOptions(signal))
  const difference = date === undefined ? 0 : Date.parse(date) - now()
  const clockOffsetMs = Math.abs(difference) > maxDifferenceMs ? difference : 0
  return { itemCount: Table?.ItemCount ?? 0, clockOffsetMs }
}

function readDate(response: unknown): string | undefined {
  const { headers }: { headers?: Readonly<Record<string, string>> } = response ?? {}
  const date = headers?.date
  return date !== undefined && Number.isFinite(Date.parse(date)) ? date : undefined
}
