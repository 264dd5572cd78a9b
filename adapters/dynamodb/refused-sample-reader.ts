import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RefusedSample, RefusedSampleReader } from '../../core/ports/refused-samples.ts'
import * as attributeNames from '../../names/attributes.ts'
import { group } from '../../names/refused-samples.ts'
import { queryAll } from './query.ts'
import { sampleRetentionDays } from './refused-sample-item.ts'

type SampleItem = Pick<RefusedSample, 'at' | 'outcome'> & { readonly content: string }

export function dynamodbRefusedSampleReader(client: DynamoDBDocumentClient, stateTable: string): RefusedSampleReader {
  return {
    async listRefused(now, signal) {
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group',
        ExpressionAttributeNames: { '#group': attributeNames.group },
        ExpressionAttributeValues: { ':group': group },
      }
      const items = await queryAll<SampleItem>(client, query, signal)
      // DynamoDB deletes expired items up to two days late.
      const oldest = now - sampleRetentionDays * 86_400_000
      return items
        .filter(({ at }) => at > oldest)
        .sort((a, b) => b.at - a.at)
        .map(({ at, outcome, content }) => ({ at, outcome, ...JSON.parse(content) }))
    },
  }
}
