import { isDeepStrictEqual } from 'node:util'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { eventId } from '../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type Conflict, isQuarantined, mergeConflicts, toConflict } from '../../core/state/conflict.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { toEventItem } from './event-item.ts'
import { expiryOf } from './expiry.ts'
import { quarantineKey } from './keys.ts'

type ConflictTable = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly retentionDays: number
}

const reused = 'trace_id reused with different content'
/** What the record of an event that counts has instead of the reason. */
const withdrawn = 'withdrawn: the event counts'

/** A record has few concurrent writers, so more conflicts than this are a fault. */
const maxAttempts = 10

// Conditions of writes.
const neverRecorded = `attribute_not_exists(${attributeNames.eventKey})`
const recordUnchanged = 'received_at = :at AND rival = :rival'
const recordUnchangedWithoutRival = 'received_at = :at AND attribute_not_exists(rival)'

/** Implements `EventLog.recordConflict`: adds to what is recorded, so that a late or repeated call takes nothing back. */
export async function recordConflict(
  { client, tableName, retentionDays }: ConflictTable,
  event: NorthboundEvent,
  rival: NorthboundEvent | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const Key = quarantineKey(`${event.trace_id} ${eventId(event)}`)
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const get = new GetCommand({ TableName: tableName, Key, ConsistentRead: true })
    const { Item } = await client.send(get, requestOptions(signal))
    const stored: Conflict | undefined = Item && { received_at: Item.received_at, rival: Item.rival }
    const merged = mergeConflicts(stored, toConflict(event, rival))
    if (isDeepStrictEqual(merged, stored)) return
    const item = { ...toConflictItem(event, merged, retentionDays), ...Key }
    try {
      await client.send(
        new PutCommand({ TableName: tableName, Item: item, ...unchanged(stored) }),
        requestOptions(signal),
      )
      return
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
  }
  throw new Error(`the record of an event with trace_id ${event.trace_id} changed ${maxAttempts} times`)
}

/**
 * @returns the item without its key. That of an event that counts is in no timeline. It stays as long as the event, so that a
 * request that takes effect late cannot quarantine the event again.
 */
export function toConflictItem(event: NorthboundEvent, conflict: Conflict, retentionDays: number) {
  const { received_at } = conflict
  if (!isQuarantined(event, conflict))
    return { ...conflict, quarantined: withdrawn, expires_at: expiryOf(received_at, retentionDays) }
  return { ...toEventItem({ ...event, received_at }, retentionDays), ...conflict, quarantined: reused }
}

function unchanged(stored: Conflict | undefined) {
  if (stored === undefined) return { ConditionExpression: neverRecorded }
  const { received_at, rival } = stored
  return rival === undefined
    ? { ConditionExpression: recordUnchangedWithoutRival, ExpressionAttributeValues: { ':at': received_at } }
    : { ConditionExpression: recordUnchanged, ExpressionAttributeValues: { ':at': received_at, ':rival': rival } }
}
