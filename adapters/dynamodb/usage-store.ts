import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { UsageReader, UsageStore } from '../../core/ports/usage-store.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { expiryOf } from './expiry.ts'
import { queryPage } from './query.ts'
import { fromUsageItem, toUsageItem, type UsageItem, usageGroup, usageKey } from './usage-item.ts'

/** Stores an item for each hour, which takes one write unit. */
export function dynamodbUsageStore(
  client: DynamoDBDocumentClient,
  stateTable: string,
  retentionDays: number,
): UsageStore {
  return {
    async readLatest(signal) {
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group',
        ExpressionAttributeNames: { '#group': attributeNames.group },
        ExpressionAttributeValues: { ':group': usageGroup },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      }
      const { items } = await queryPage<UsageItem>(client, query, undefined, signal)
      return items.map(fromUsageItem).at(0)
    },
    async write(hour, expectedLastAt, signal) {
      const command = new PutCommand({
        TableName: stateTable,
        Item: { ...toUsageItem(hour), [attributeNames.expiresAt]: expiryOf(hour.last_at, retentionDays) },
        ...(expectedLastAt === undefined
          ? { ConditionExpression: 'attribute_not_exists(last_at)' }
          : { ConditionExpression: 'last_at = :last', ExpressionAttributeValues: { ':last': expectedLastAt } }),
      })
      try {
        await client.send(command, requestOptions(signal))
        return 'written'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict'
        throw error
      }
    },
  }
}

export function dynamodbUsageReader(client: DynamoDBDocumentClient, stateTable: string): UsageReader {
  return {
    async listHours({ from, to, maxHours }, signal) {
      if (to <= from) return { hours: [], next: undefined }
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group AND #item BETWEEN :from AND :last',
        ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
        ExpressionAttributeValues: { ':group': usageGroup, ':from': usageKey(from), ':last': usageKey(to - 1) },
        ScanIndexForward: false,
        Limit: maxHours,
      }
      const page = await queryPage<UsageItem>(client, query, undefined, signal)
      const hours = page.items.map(fromUsageItem)
      return { hours, next: page.next === undefined ? undefined : hours.at(-1)?.hour }
    },
  }
}
