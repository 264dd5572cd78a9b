/**
 * Write units as DynamoDB bills them, calculated from the items: local engines leave the indexes out.
 *
 * The rules are those of the DynamoDB developer guide, "DynamoDB read and write operations" and "Global secondary
 * indexes": one unit for each KB of the larger of the item before and after. An index costs the same if the item
 * enters or leaves it or changes in a projected attribute, and twice if the index key changes. A failed condition costs
 * the size of the existing item.
 */
import { type DynamoDbItem, itemBytes } from './item-size.ts'

export interface TableDefinition {
  /** Names of the key attributes, the partition key first. */
  readonly keyNames: readonly string[]
  readonly indexes: readonly IndexDefinition[]
}

export interface IndexDefinition {
  readonly name: string
  readonly keyNames: readonly string[]
  /** Attributes besides the keys; undefined if the index projects all. */
  readonly projectedNames: readonly string[] | undefined
}

const unitBytes = 1024
/** DynamoDB stores this much besides the item in each table and index. */
const overheadBytes = 100

/** What a write uses of one partition: one key of the table or of an index. */
export interface PartitionUnits {
  readonly partition: string
  readonly units: number
}

/** @param before, after undefined if there is no item. */
export function writeUnits(
  table: TableDefinition,
  before: DynamoDbItem | undefined,
  after: DynamoDbItem | undefined,
): number {
  return listPartitionUnits(table, before, after).reduce((sum, { units }) => sum + units, 0)
}

/** The write units by partition. An index that the write does not change is left out. */
export function listPartitionUnits(
  { keyNames, indexes }: TableDefinition,
  before: DynamoDbItem | undefined,
  after: DynamoDbItem | undefined,
): PartitionUnits[] {
  return [
    { partition: partitionOf('table', keyNames, after ?? before), units: largerUnits(before, after) },
    ...indexes.flatMap((index) =>
      listIndexUnits(index, projectItem(index, keyNames, before), projectItem(index, keyNames, after)),
    ),
  ]
}

function partitionOf(name: string, [partitionKey = '']: readonly string[], item: DynamoDbItem | undefined): string {
  return `${name} ${JSON.stringify(item?.[partitionKey])}`
}

/** Write units of a write whose condition failed. They are of the table's partition. */
export function failedConditionUnits(existing: DynamoDbItem | undefined): number {
  return largerUnits(existing, undefined)
}

/** Bytes that an item is billed for in its table and in every index that contains it. */
export function storedItemBytes({ keyNames, indexes }: TableDefinition, item: DynamoDbItem): number {
  const entries = [item, ...indexes.map((index) => projectItem(index, keyNames, item))]
  return entries.reduce((sum, entry) => sum + (entry === undefined ? 0 : itemBytes(entry) + overheadBytes), 0)
}

function listIndexUnits(
  { name, keyNames }: IndexDefinition,
  before: DynamoDbItem | undefined,
  after: DynamoDbItem | undefined,
): PartitionUnits[] {
  if (before === undefined && after === undefined) return []
  const write = (one: DynamoDbItem | undefined, other: DynamoDbItem | undefined) => ({
    partition: partitionOf(name, keyNames, one ?? other),
    units: largerUnits(one, other),
  })
  if (before === undefined || after === undefined) return [write(before, after)]
  if (canonicalJson(before) === canonicalJson(after)) return []
  const keyChanged = keyNames.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return keyChanged ? [write(before, undefined), write(undefined, after)] : [write(before, after)]
}

function largerUnits(before: DynamoDbItem | undefined, after: DynamoDbItem | undefined): number {
  const bytes = Math.max(...[before, after].map((item) => (item === undefined ? 0 : itemBytes(item))))
  return Math.max(1, Math.ceil(bytes / unitBytes))
}

/** The entry of an item in an index; undefined if the item lacks part of the index key. */
function projectItem(
  { keyNames, projectedNames }: IndexDefinition,
  tableKeyNames: readonly string[],
  item: DynamoDbItem | undefined,
): DynamoDbItem | undefined {
  if (item === undefined || keyNames.some((name) => item[name] === undefined)) return undefined
  if (projectedNames === undefined) return item
  const names = new Set([...keyNames, ...tableKeyNames, ...projectedNames])
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))
}

function canonicalJson(item: DynamoDbItem): string {
  return JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
}
