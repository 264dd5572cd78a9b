import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { QueryCounter } from '../../core/ports/query-counter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { group } from '../../names/query-counts.ts'
import { requestOptions } from '../request-options.ts'

const ttlSeconds = 3600

/** Counts the queries of all environments in one item for each second, with one write for each query. */
export function dynamodbQueryCounter(client: DynamoDBDocumentClient, stateTable: string): QueryCounter {
  return {
    async count(now, signal) {
      const second = Math.floor(now / 1000)
      const command = new UpdateCommand({
        TableName: stateTable,
        Key: { [attributeNames.group]: group, [attributeNames.item]: String(second) },
        UpdateExpression: `ADD queries :one SET ${attributeNames.expiresAt} = :expires`,
        ExpressionAttributeValues: { ':one': 1, ':expires': second + ttlSeconds },
        ReturnValues: 'UPDATED_NEW',
      })
      const { Attributes } = await client.send(command, requestOptions(signal))
      return Number(Attributes?.queries)
    },
  }
}
