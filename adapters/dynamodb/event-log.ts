import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { EventLog, Holder, QuarantineRecord } from '../../core/ports/event-log.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { type EventItem, fromEventItem, toEventItem } from './event-item.ts'
import { readStream, visitStream } from './event-stream.ts'
import { expiryOf } from './expiry.ts'
import { quarantineKey } from './keys.ts'
import { recordConflict } from './record-conflict.ts'

export type EventLogOptions = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly retentionDays: number
}

// Conditions of writes. The event key is the `trace_id`: the idempotency key within a stream.
const keyUnused = `attribute_not_exists(${attributeNames.eventKey})`
const holderUnchanged = 'received_at = :at AND params = :params AND #source = :source'

export function dynamodbEventLog(options: EventLogOptions): EventLog {
  const { client, tableName, retentionDays } = options
  return {
    async append(event, signal) {
      const Item = toEventItem(event, retentionDays)
      try {
        await client.send(
          new PutCommand({ TableName: tableName, Item, ConditionExpression: keyUnused }),
          requestOptions(signal),
        )
        return 'appended'
      } catch (error) {
        if (isInvalidItem(error)) return 'impossible'
        if (error instanceof ConditionalCheckFailedException) return readHolder(options, Item, signal)
        throw error
      }
    },

    async replace(holder, next, signal) {
      const { received_at, params, source } = toEventItem(holder.event, retentionDays)
      const command = new PutCommand({
        TableName: tableName,
        Item: { ...toEventItem(next.event, retentionDays), ...(next.hasReplaced && { replaced: true }) },
        ConditionExpression: holderUnchanged,
        ExpressionAttributeNames: { '#source': 'source' },
        ExpressionAttributeValues: { ':at': received_at, ':params': params, ':source': source },
      })
      try {
        await client.send(command, requestOptions(signal))
        return 'replaced'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict'
        throw error
      }
    },

    read: (aggregate, signal) => readStream(client, tableName, aggregate, signal),

    visit: (aggregate, since, visitor, signal) => visitStream(client, tableName, { aggregate, since, visitor }, signal),

    async quarantine(record, signal) {
      const command = new PutCommand({
        TableName: tableName,
        Item: toQuarantineItem(record, retentionDays),
        ConditionExpression: `${keyUnused} OR received_at > :at`,
        ExpressionAttributeValues: { ':at': record.received_at },
      })
      try {
        await client.send(command, requestOptions(signal))
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },

    recordConflict: (event, rival, signal) => recordConflict(options, event, rival, signal),
  }
}

/** Reads the event that already holds the `trace_id` of `item`. */
async function readHolder(
  { client, tableName }: EventLogOptions,
  { stream, event_key, trace_id }: EventItem,
  signal: AbortSignal | undefined,
): Promise<Holder> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: { stream, event_key }, ConsistentRead: true }),
    requestOptions(signal),
  )
  // The holder expired between the two requests. The next delivery appends the event.
  if (Item === undefined) throw new Error(`the event that holds trace_id ${trace_id} has just expired`)
  const item = Item as EventItem
  return { event: fromEventItem(item), hasReplaced: item.replaced ?? false }
}

export function toQuarantineItem({ id, reason, received_at, event, body }: QuarantineRecord, retentionDays: number) {
  return {
    ...(event === undefined ? { received_at } : toEventItem(event, retentionDays)),
    ...quarantineKey(id),
    quarantined: reason,
    body,
    expires_at: expiryOf(received_at, retentionDays),
  }
}

/** DynamoDB rejects the item itself, for example because it is too large: no retry can succeed. */
function isInvalidItem(error: unknown): boolean {
  return error instanceof DynamoDBServiceException && error.name === 'ValidationException'
}
