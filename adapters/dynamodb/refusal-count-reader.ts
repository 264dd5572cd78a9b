import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RefusalCountReader } from '../../core/ports/refusal-counter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { rejectionOutcomes } from '../../names/outcomes.ts'
import { group } from '../../names/refusal-counts.ts'
import { minuteKey } from './minute-key.ts'
import { queryEach } from './query.ts'

type MinuteItem = Readonly<Record<string, unknown>>

export function dynamodbRefusalCountReader(client: DynamoDBDocumentClient, stateTable: string): RefusalCountReader {
  return {
    async countRefusals({ from, to }, signal) {
      const counts: Record<string, number> = {}
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group AND #item BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
        ExpressionAttributeValues: { ':group': group, ':first': minuteKey(from), ':last': minuteKey(to - 1) },
      }
      for await (const item of queryEach<MinuteItem>(client, query, signal))
        for (const outcome of rejectionOutcomes) {
          const count = Number(item[outcome] ?? 0)
          if (count > 0) counts[outcome] = (counts[outcome] ?? 0) + count
        }
      return counts
    },
  }
}
