import { describe, expect, it } from 'vitest'
import { type DynamoDbItem, itemBytes } from '../../../src/metering/item-size.ts'
import {
  failedConditionUnits,
  listPartitionUnits,
  storedItemBytes,
  type TableDefinition,
  writeUnits,
} from '../../../src/metering/write-units.ts'

const withoutIndex: TableDefinition = { keyNames: ['id'], indexes: [] }
const withIndex: TableDefinition = {
  keyNames: ['id'],
  indexes: [{ name: 'listing', keyNames: ['list', 'order'], projectedNames: ['shown'] }],
}

/** An item of this size in bytes. */
function createItem(bytes: number): DynamoDbItem {
  return { id: { S: 'a' }, text: { S: 'x'.repeat(bytes - 'id'.length - 'a'.length - 'text'.length) } }
}

function createTextItem(fields: Readonly<Record<string, string>>): DynamoDbItem {
  return Object.fromEntries(Object.entries({ id: 'a', ...fields }).map(([name, S]) => [name, { S }]))
}

describe('writeUnits', () => {
  it('counts one unit for each KB, rounded up', () => {
    expect(itemBytes(createItem(1024))).toBe(1024)
    expect(writeUnits(withoutIndex, undefined, createItem(1024))).toBe(1)
    expect(writeUnits(withoutIndex, undefined, createItem(1025))).toBe(2)
  })

  it('counts the larger of the item before and after', () => {
    expect(writeUnits(withoutIndex, createItem(3000), createItem(10))).toBe(3)
    expect(writeUnits(withoutIndex, createItem(3000), undefined)).toBe(3)
    expect(writeUnits(withoutIndex, undefined, undefined)).toBe(1)
  })
})

describe('writeUnits of an index', () => {
  const indexUnits = (before: DynamoDbItem | undefined, after: DynamoDbItem | undefined) =>
    writeUnits(withIndex, before, after) - 1

  it('counts no unit for an item without the index key', () => {
    expect(indexUnits(undefined, createTextItem({ list: 'open' }))).toBe(0)
  })

  it('counts one unit if the item enters or leaves the index', () => {
    const listed = createTextItem({ list: 'open', order: '1' })
    expect(indexUnits(undefined, listed)).toBe(1)
    expect(indexUnits(listed, createTextItem({}))).toBe(1)
    expect(indexUnits(listed, undefined)).toBe(1)
  })

  it('counts one unit if a projected attribute changes, and none for any other attribute', () => {
    const listed = createTextItem({ list: 'open', order: '1', shown: 'a', hidden: 'a' })
    expect(indexUnits(listed, createTextItem({ list: 'open', order: '1', shown: 'a', hidden: 'b' }))).toBe(0)
    expect(indexUnits(listed, createTextItem({ list: 'open', order: '1', shown: 'b', hidden: 'a' }))).toBe(1)
  })

  it('counts two units if the index key changes, for the deleted and the new entry', () => {
    expect(
      indexUnits(createTextItem({ list: 'open', order: '1' }), createTextItem({ list: 'closed', order: '1' })),
    ).toBe(2)
  })
})

describe('listPartitionUnits', () => {
  const listUnits = (before: DynamoDbItem | undefined, after: DynamoDbItem | undefined) =>
    listPartitionUnits(withIndex, before, after).map(({ partition, units }) => [partition, units])
  const open = createTextItem({ list: 'open', order: '1' })
  const inTable = ['table {"S":"a"}', 1]

  it('lists the key of the table, and the key of each index that the item enters or leaves', () => {
    expect(listUnits(undefined, open)).toEqual([inTable, ['listing {"S":"open"}', 1]])
    expect(listUnits(open, createTextItem({}))).toEqual([inTable, ['listing {"S":"open"}', 1]])
    expect(listUnits(open, undefined)).toEqual([inTable, ['listing {"S":"open"}', 1]])
  })

  it('lists both keys of an index between which the item moves', () => {
    const closed = createTextItem({ list: 'closed', order: '1' })
    expect(listUnits(open, closed)).toEqual([inTable, ['listing {"S":"open"}', 1], ['listing {"S":"closed"}', 1]])
  })

  it('leaves out an index that stays as it is', () => {
    expect(listUnits(open, createTextItem({ list: 'open', order: '1', hidden: 'a' }))).toEqual([inTable])
  })
})

describe('failedConditionUnits', () => {
  it('counts the size of the existing item, and one unit without one', () => {
    expect(failedConditionUnits(undefined)).toBe(1)
    expect(failedConditionUnits(createItem(1024))).toBe(1)
    expect(failedConditionUnits(createItem(1025))).toBe(2)
  })
})

describe('storedItemBytes', () => {
  it('adds 100 bytes for each entry in the table and its indexes', () => {
    const listed = createTextItem({ list: 'open', order: '1', hidden: 'aaaa' })
    const projected = createTextItem({ list: 'open', order: '1' })
    expect(storedItemBytes(withIndex, listed)).toBe(itemBytes(listed) + 100 + itemBytes(projected) + 100)
    expect(storedItemBytes(withIndex, createTextItem({}))).toBe(itemBytes(createTextItem({})) + 100)
  })
})
