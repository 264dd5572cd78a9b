import type { RefusalCounter } from '../../core/ports/refusal-counter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { group } from '../../names/refusal-counts.ts'
import type { AwsJsonClient } from '../aws-json/client.ts'
import { expiryOf } from './expiry.ts'
import { minuteKey } from './minute-key.ts'

/** Adds to the item of the minute, which has an attribute for each outcome, with one request. */
export function dynamodbRefusalCounter(
  client: AwsJsonClient,
  stateTable: string,
  retentionDays: number,
): RefusalCounter {
  return {
    async add(counts, at, signal) {
      const entries = Object.entries(counts)
      const input = {
        TableName: stateTable,
        Key: { [attributeNames.group]: { S: group }, [attributeNames.item]: { S: minuteKey(at) } },
        UpdateExpression: `ADD ${entries.map(([outcome], index) => `${outcome} :n${index}`).join(', ')} SET ${attributeNames.expiresAt} = :expires`,
        ExpressionAttributeValues: {
          ':expires': { N: String(expiryOf(at, retentionDays)) },
          ...Object.fromEntries(entries.map(([, count], index) => [`:n${index}`, { N: String(count) }])),
        },
      }
      await client('DynamoDB_20120810.UpdateItem', input, signal)
    },
  }
}
