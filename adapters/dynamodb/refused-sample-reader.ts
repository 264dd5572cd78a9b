import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { RefusedSample, RefusedSampleReader } from '../../core/ports/refused-samples.ts'
import * as attributeNames from '../../names/attributes.ts'
import { group } from '../../names/refused-samples.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { queryAll } from './query.ts'
import { sampleRetentionDays } from './refused-sample-item.ts'

/** Where a sample stands in the list. `item` is its sort key. */
type Position = { readonly at: number; readonly item: string }
type SampleItem = Position & Pick<RefusedSample, 'outcome'> & { readonly content: string }

/** Reads all samples for each page: there are at most five of each outcome. */
export function dynamodbRefusedSampleReader(client: DynamoDBDocumentClient, stateTable: string): RefusedSampleReader {
  return {
    async listRefused(now, { limit, cursor }, signal) {
      const after = cursor === null ? undefined : parsePosition(cursor)
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group',
        ExpressionAttributeNames: { '#group': attributeNames.group },
        ExpressionAttributeValues: { ':group': group },
      }
      const items = await queryAll<SampleItem>(client, query, signal)
      // DynamoDB deletes expired items up to two days late.
      const oldest = now - sampleRetentionDays * 86_400_000
      const listed = items
        .filter((sample) => sample.at > oldest && (after === undefined || compareNewestFirst(sample, after) > 0))
        .sort(compareNewestFirst)
      const page = listed.slice(0, limit)
      const last = listed.length > limit ? page.at(-1) : undefined
      return {
        items: page.map(({ at, outcome, content }) => ({ at, outcome, ...JSON.parse(content) })),
        cursor: last === undefined ? null : encodeCursor([last.at, last.item]),
      }
    },
  }
}

function compareNewestFirst(left: Position, right: Position): number {
  return right.at - left.at || (left.item < right.item ? -1 : left.item > right.item ? 1 : 0)
}

/** @throws InvalidCursorError */
function parsePosition(cursor: string): Position {
  const [at, item, ...rest] = parseCursor(cursor)
  if (typeof at !== 'number' || typeof item !== 'string' || rest.length > 0) throw new InvalidCursorError()
  return { at, item }
}
