import { randomBytes } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { addErasure, type Erasures, hashUserId } from '../../core/erasure/erasures.ts'
import { requestOptions } from '../request-options.ts'
import { activeKey, type ErasureItem, erasureGroup, fromErasureItem, toErasureItem } from './erasure-item.ts'
import { expiryOf } from './expiry.ts'

/** Bytes of the key of the hash. */
const keyBytes = 32
/** Items have at most 400 KB, and an entry about 80 bytes. */
const maxErasures = 4_000
/** The item has few concurrent writers, so more conflicts than this are a fault. */
const maxAttempts = 10
/** Days. Three years. */
const auditDays = 1_096

/** The record of an erasure. It does not identify the person. */
export type ErasureAudit = {
  readonly caller: string
  readonly hash: string
  /** ms */
  readonly at: number
  readonly status: 'started' | 'finished'
  /** Numbers of items by kind. */
  readonly counts: Readonly<Record<string, number>>
}

export class TooManyErasuresError extends Error {
  override name = 'TooManyErasuresError'
}

/**
 * Records an erasure, so that apply-events drops what was received until `at` (ms) and is still under way.
 *
 * @returns the keyed hash of the user id.
 * @throws TooManyErasuresError if there were 4,000 within 25 days.
 */
export async function recordErasure(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { userId, at }: { readonly userId: string; readonly at: number },
  signal?: AbortSignal,
): Promise<string> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const stored = await readItem(client, stateTable, signal)
    const known: Erasures = (stored && fromErasureItem(stored, at)) ?? {
      key: randomBytes(keyBytes),
      erasedAt: new Map(),
    }
    const erasures = addErasure(known, userId, at)
    if (erasures.erasedAt.size > maxErasures) throw new TooManyErasuresError('too many erasures')
    if (await replaceItem(client, stateTable, erasures, stored, signal)) return hashUserId(erasures.key, userId)
  }
  throw new Error(`the erasures changed ${maxAttempts} times while one was recorded`)
}

/** Writes the audit line of an erasure. A later one with the same time and hash replaces it. */
export async function writeErasureAudit(
  client: DynamoDBDocumentClient,
  stateTable: string,
  audit: ErasureAudit,
  signal?: AbortSignal,
): Promise<void> {
  const item = `audit/${new Date(audit.at).toISOString()}/${audit.hash}`
  const Item = { group: erasureGroup, item, ...audit, expires_at: expiryOf(audit.at, auditDays) }
  await client.send(new PutCommand({ TableName: stateTable, Item }), requestOptions(signal))
}

async function readItem(
  client: DynamoDBDocumentClient,
  stateTable: string,
  signal: AbortSignal | undefined,
): Promise<ErasureItem | undefined> {
  const command = new GetCommand({ TableName: stateTable, Key: activeKey, ConsistentRead: true })
  const { Item } = await client.send(command, requestOptions(signal))
  return Item as ErasureItem | undefined
}

/** @returns whether it was written: not if another erasure was recorded at the same time. */
async function replaceItem(
  client: DynamoDBDocumentClient,
  stateTable: string,
  erasures: Erasures,
  stored: ErasureItem | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const condition =
    stored === undefined
      ? { ConditionExpression: 'attribute_not_exists(version)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': stored.version } }
  const Item = toErasureItem(erasures, (stored?.version ?? 0) + 1)
  try {
    await client.send(new PutCommand({ TableName: stateTable, Item, ...condition }), requestOptions(signal))
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
