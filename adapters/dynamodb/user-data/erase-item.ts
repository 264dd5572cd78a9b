import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { requestOptions } from '../../request-options.ts'
import type { FoundItem } from './found-item.ts'

/**
 * Deletes or rewrites an item, unless it has changed since it was read. Then the next search finds it again.
 *
 * @returns whether it was done. Repeating it has no effect.
 */
export async function eraseItem(
  client: DynamoDBDocumentClient,
  tableName: string,
  found: Extract<FoundItem, { action: 'delete' | 'rewrite' }>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    if (found.action === 'delete') await remove(client, tableName, found, signal)
    else await rewrite(client, tableName, found, signal)
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

async function remove(
  client: DynamoDBDocumentClient,
  TableName: string,
  { key, unchanged: { name, value } }: Extract<FoundItem, { action: 'delete' }>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const condition =
    value === undefined
      ? { ConditionExpression: 'attribute_not_exists(#unchanged)' }
      : { ConditionExpression: '#unchanged = :value', ExpressionAttributeValues: { ':value': value } }
  const command = new DeleteCommand({
    TableName,
    Key: key,
    ...condition,
    ExpressionAttributeNames: { '#unchanged': name },
  })
  await client.send(command, requestOptions(signal))
}

async function rewrite(
  client: DynamoDBDocumentClient,
  TableName: string,
  { key, attribute, before, after }: Extract<FoundItem, { action: 'rewrite' }>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const command = new UpdateCommand({
    TableName,
    Key: key,
    UpdateExpression: 'SET #attribute = :after',
    ConditionExpression: '#attribute = :before',
    ExpressionAttributeNames: { '#attribute': attribute },
    ExpressionAttributeValues: { ':before': before, ':after': after },
  })
  await client.send(command, requestOptions(signal))
}
