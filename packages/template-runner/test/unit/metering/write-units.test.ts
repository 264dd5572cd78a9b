import { describe, expect, it } from 'vitest'
import { type DynamoDbItem, itemBytes } from '../../../src/metering/item-size.ts'
import {
  failedConditionUnits,
  storedItemBytes,
  type TableDefinition,
  writeUnits,
} from '../../../src/metering/write-units.ts'

const withoutIndex: TableDefinition = { keyNames: ['id'], indexes: [] }
const withIndex: TableDefinition = {
  keyNames: ['id'],
  indexes: [{ keyNames: ['list', 'order'], projectedNames: ['shown'] }],
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

describe('failedConditionUnits', () => {
  it('counts the size of the existing item, and one unit if there is none', () => {
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
