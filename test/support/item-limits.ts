import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { itemBytes } from '@northbound/template-runner'
import * as attributeNames from '../../names/attributes.ts'

/** DynamoDB's limit of an item. */
const maxItemBytes = 409_600
const maxPartitionKeyBytes = 2048
const maxSortKeyBytes = 1024

const partitionKeys = [
  attributeNames.stream,
  attributeNames.room,
  attributeNames.group,
  attributeNames.list,
  attributeNames.visitor,
]
const sortKeys = [attributeNames.eventKey, attributeNames.orderKey, attributeNames.item, attributeNames.listOrder]

/**
 * Verifies what DynamoDB requires of an item and the engines of the tests do not all check: its size, the size of its
 * keys, and well-formed texts.
 *
 * @throws DynamoDBServiceException like that of an item which DynamoDB rejects.
 */
export function verifyItem(item: Readonly<Record<string, unknown>>): void {
  const marshalled = marshall(item, { removeUndefinedValues: true })
  const bytes = itemBytes(JSON.parse(JSON.stringify(marshalled, encodeBinary)))
  if (bytes > maxItemBytes) throw invalidItem(`the item has ${bytes} bytes`)
  for (const key of partitionKeys) verifyKey(item, key, maxPartitionKeyBytes)
  for (const key of sortKeys) verifyKey(item, key, maxSortKeyBytes)
  if (!isWellFormed(item)) throw invalidItem('the item contains a lone surrogate')
}

function verifyKey(item: Readonly<Record<string, unknown>>, name: string, maxBytes: number): void {
  const value = item[name]
  if (value === undefined) return
  if (typeof value !== 'string' || value === '') throw invalidItem(`the key ${name} is not a text`)
  const bytes = Buffer.byteLength(value)
  if (bytes > maxBytes) throw invalidItem(`the key ${name} has ${bytes} bytes`)
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return true
  return Object.entries(value).every((entry) => entry.every(isWellFormed))
}

/** A replacer that encodes binary values as DynamoDB does. */
function encodeBinary(_name: string, value: unknown): unknown {
  const isBinary = typeof value === 'object' && value !== null && 'B' in value && value.B instanceof Uint8Array
  return isBinary ? { B: Buffer.from(value.B as Uint8Array).toString('base64') } : value
}

function invalidItem(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata: {}, message })
}
