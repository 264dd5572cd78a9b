/**
 * Write units as DynamoDB bills them, reckoned from what is written: the engines of a local run leave the indexes out.
 * `test/bench/write-units.test.ts` holds this against Amazon's own engine, where that is there.
 *
 * The rules are those of the developer guide, "DynamoDB read and write operations" and "Global secondary indexes":
 * a unit for each KB of the larger of the item before and after; the same for an index where the item comes, goes or
 * changes in what the index holds, twice where its key changes; for a condition that fails, the size of what is there.
 */

/** A value as it travels: `{"S": "text"}`, `{"N": "1"}`, `{"M": {…}}`… */
export type Value = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, Value>>

export type TableDefinition = {
  readonly key: readonly string[]
  readonly indexes: readonly IndexDefinition[]
}

export type IndexDefinition = {
  readonly key: readonly string[]
  /** Undefined: all. */
  readonly projected: readonly string[] | undefined
}

const unit = 1024
const entryOverhead = 100

/** @param before, after: undefined where there is no item. */
export function writeUnits(
  { key, indexes }: TableDefinition,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const ofTable = unitsOf(before, after)
  const ofIndexes = indexes.map((index) => {
    const [old, now] = [rowOf(index, key, before), rowOf(index, key, after)]
    if (old !== undefined && now !== undefined) {
      if (textOf(old) === textOf(now)) return 0
      const keyChanged = index.key.some((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
      if (keyChanged) return unitsOf(old, undefined) + unitsOf(undefined, now)
    }
    return old === undefined && now === undefined ? 0 : unitsOf(old, now)
  })
  return ofTable + ofIndexes.reduce((sum, units) => sum + units, 0)
}

/** Of a write whose condition did not hold. */
export function refusedUnits(existing: Item | undefined): number {
  return unitsOf(existing, undefined)
}

/** Bytes that an item takes in its table and in the indexes that it is in; each entry has an overhead of 100 bytes. */
export function storedSize({ key, indexes }: TableDefinition, item: Item): number {
  const rows = [item, ...indexes.map((index) => rowOf(index, key, item))]
  return rows.reduce((sum, row) => sum + (row === undefined ? 0 : sizeOf(row) + entryOverhead), 0)
}

function unitsOf(before: Item | undefined, after: Item | undefined): number {
  const size = Math.max(...[before, after].map((item) => (item === undefined ? 0 : sizeOf(item))))
  return Math.max(1, Math.ceil(size / unit))
}

/** What an index holds of an item; undefined where the item has not all of its key. */
function rowOf({ key, projected }: IndexDefinition, tableKey: readonly string[], item: Item | undefined) {
  if (item === undefined || key.some((name) => item[name] === undefined)) return undefined
  if (projected === undefined) return item
  const kept = new Set([...key, ...tableKey, ...projected])
  return Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name)))
}

function textOf(item: Item): string {
  return JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Bytes of an item: names and values ("DynamoDB item sizes and formats"). */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0)
}

function valueSize(value: Value): number {
  const [[type, content] = []] = Object.entries(value)
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content))
    case 'B':
      return Buffer.byteLength(String(content), 'base64')
    case 'N':
      return numberSize(String(content))
    case 'M':
      return 3 + Object.values(content as Item).length + sizeOf(content as Item)
    case 'L': {
      const values = content as Value[]
      return 3 + values.length + values.reduce((sum, one) => sum + valueSize(one), 0)
    }
    case 'NULL':
    case 'BOOL':
      return 1
    default:
      throw new Error(`a value of type ${type} is not written here`)
  }
}

/** About a byte for two significant digits, and one more. */
function numberSize(text: string): number {
  const significant = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '')
  return Math.ceil(significant.length / 2) + (text.startsWith('-') ? 2 : 1)
}
