import type { ConditionContext } from '../endpoint/aws-call.ts'
import { isRecord } from '../is-record.ts'

/** The name of the partition key of each table. */
export type PartitionKeys = ReadonlyMap<string, string>

/** Stands for keys that the runner cannot read from a call, such as those of a query. No condition names it. */
const unknownKey = '(unknown)'

/**
 * The condition key `dynamodb:LeadingKeys`: the partition keys of the items that an operation reads or writes.
 *
 * @param operations parts of the call, each with an `Item` or a `Key`.
 */
export function leadingKeys(partitionKey: string | undefined, operations: readonly unknown[]): ConditionContext {
  const keys = operations.map((operation) => keyOf(operation, partitionKey))
  return { 'dynamodb:LeadingKeys': [...new Set(keys)] }
}

function keyOf(operation: unknown, partitionKey: string | undefined): string {
  if (partitionKey === undefined || !isRecord(operation)) return unknownKey
  const item = operation.Item ?? operation.Key
  const attribute = isRecord(item) ? item[partitionKey] : undefined
  const [value] = isRecord(attribute) ? Object.values(attribute) : []
  return typeof value === 'string' ? value : unknownKey
}

/** The operations of one table in a batch. */
export function batchOperations(requests: unknown): unknown[] {
  if (isRecord(requests) && Array.isArray(requests.Keys)) return requests.Keys.map((Key) => ({ Key }))
  if (!Array.isArray(requests)) return [undefined]
  return requests.map((request) => (isRecord(request) ? (request.PutRequest ?? request.DeleteRequest) : undefined))
}
