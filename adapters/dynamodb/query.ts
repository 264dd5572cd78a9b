import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'

/** The key of the last item read: `ExclusiveStartKey` of the next page. */
export type StartKey = Readonly<Record<string, unknown>>

export type QueryPage<Item> = { readonly items: readonly Item[]; readonly next: StartKey | undefined }

/** Builds the query for the items of a group of the state table whose sort key has a prefix. */
export function buildPrefixQuery(stateTable: string, group: string, prefix: string): QueryCommandInput {
  return {
    TableName: stateTable,
    KeyConditionExpression: '#group = :group AND begins_with(#item, :prefix)',
    ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
    ExpressionAttributeValues: { ':group': group, ':prefix': prefix },
  }
}

/** Reads one page of a query. */
export async function queryPage<Item>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
  start: StartKey | undefined,
  signal?: AbortSignal,
): Promise<QueryPage<Item>> {
  const command = new QueryCommand({ ...input, ExclusiveStartKey: start })
  const { Items = [], LastEvaluatedKey } = await client.send(command, requestOptions(signal))
  return { items: Items as Item[], next: LastEvaluatedKey }
}

/** Yields the items of all pages of a query; a page is read when its first item is needed. */
export async function* queryEach<Item>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
  signal?: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  let start: StartKey | undefined
  do {
    const { items, next }: QueryPage<Item> = await queryPage<Item>(client, input, start, signal)
    yield* items
    start = next
  } while (start !== undefined)
}

/** Reads the items of all pages of a query. */
export async function queryAll<Item>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
  signal?: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of queryEach<Item>(client, input, signal)) items.push(item)
  return items
}
