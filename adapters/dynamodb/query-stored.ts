import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { requestOptions } from '../request-options.ts'
import type { QueryPage, StartKey } from './query.ts'

/**
 * Yields the pages of a query with the items as DynamoDB stores them, such as `{ received_at: { N: '5' } }`.
 *
 * For long streams: the client's own conversion of the items would take longer than everything else that is done with them.
 * The next page is requested before a page is used.
 */
export async function* queryStored<StoredItem>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
  signal?: AbortSignal,
): AsyncGenerator<readonly StoredItem[], void, undefined> {
  const request = (start: StartKey | undefined) => {
    const page = requestPage<StoredItem>(client, { ...input, ExclusiveStartKey: start }, signal)
    // The caller may stop before it awaits the page.
    page.catch(() => {})
    return page
  }
  let page: Promise<QueryPage<StoredItem>> | undefined = request(undefined)
  while (page !== undefined) {
    const { items, next }: QueryPage<StoredItem> = await page
    page = next && request(next)
    yield items
  }
}

async function requestPage<StoredItem>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
  signal: AbortSignal | undefined,
): Promise<QueryPage<StoredItem>> {
  const command = new QueryCommand(input)
  let items: StoredItem[] = []
  // The client still signs and repeats the request, and recognises errors. It gets the response without the items.
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const response = result.response as { readonly statusCode: number; body: unknown }
      if (response.statusCode !== 200) return result
      const { Items = [], ...others } = JSON.parse(await text(response.body as Readable))
      items = Items
      response.body = Buffer.from(JSON.stringify(others))
      return result
    },
    // Lower than the client's own deserializer, so it gets the response first. The client adds the steps of a command twice.
    { step: 'deserialize', priority: 'low', name: 'takeItems', override: true },
  )
  const { LastEvaluatedKey } = await client.send(command, requestOptions(signal))
  return { items, next: LastEvaluatedKey }
}
