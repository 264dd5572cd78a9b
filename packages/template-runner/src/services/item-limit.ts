import type { AwsCall } from '../endpoint/aws-call.ts'
import { isRecord } from '../is-record.ts'
import { type DynamoDbItem, itemBytes } from '../metering/item-size.ts'

/** DynamoDB's limit of an item. */
const maxItemBytes = 409_600

/**
 * Whether the call puts an item that is larger than DynamoDB accepts. dynalite counts the characters of texts instead of
 * their bytes. The size after an update is left to the engine.
 */
export function putsTooLargeItem({ action, input, body }: Pick<AwsCall, 'action' | 'input' | 'body'>): boolean {
  // An item is never larger than its JSON.
  if (body.length <= maxItemBytes) return false
  return itemsOf(action, input).some((item) => itemBytes(item) > maxItemBytes)
}

function itemsOf(action: string, input: Readonly<Record<string, unknown>>): DynamoDbItem[] {
  switch (action) {
    case 'PutItem':
      return toItems([input.Item])
    case 'BatchWriteItem':
      return toItems(
        valuesOf(input.RequestItems)
          .flatMap(listOf)
          .map((request) => field(field(request, 'PutRequest'), 'Item')),
      )
    case 'TransactWriteItems':
      return toItems(listOf(input.TransactItems).map((request) => field(field(request, 'Put'), 'Item')))
    default:
      return []
  }
}

/** Skips what is not an item: the engine rejects it. */
function toItems(candidates: readonly unknown[]): DynamoDbItem[] {
  return candidates.filter(isItem)
}

function isItem(value: unknown): value is DynamoDbItem {
  return isRecord(value) && Object.values(value).every(isRecord)
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined
}

function valuesOf(value: unknown): unknown[] {
  return isRecord(value) ? Object.values(value) : []
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
