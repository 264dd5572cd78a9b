import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Aws, startAws, type TableProperties } from '../../../bench/aws.ts'
import {
  type Item,
  refusedUnits,
  sizeOf,
  storedSize,
  type TableDefinition,
  writeUnits,
} from '../../../bench/write-units.ts'

const text = (length: number) => ({ S: 'x'.repeat(length) })

describe('write units', () => {
  const plain: TableDefinition = { key: ['id'], indexes: [] }
  const item = (size: number): Item => ({ id: { S: 'a' }, text: text(size - 'id'.length - 'a'.length - 'text'.length) })

  it('are one for each KB begun', () => {
    expect(sizeOf(item(1024))).toBe(1024)
    expect(writeUnits(plain, undefined, item(1024))).toBe(1)
    expect(writeUnits(plain, undefined, item(1025))).toBe(2)
  })

  it('are those of the larger of the item before and after', () => {
    expect(writeUnits(plain, item(3000), item(10))).toBe(3)
    expect(writeUnits(plain, item(3000), undefined)).toBe(3)
    expect(writeUnits(plain, undefined, undefined)).toBe(1)
  })

  it('are those of what is there where a condition does not hold, one where nothing is', () => {
    expect(refusedUnits(undefined)).toBe(1)
    expect(refusedUnits(item(1024))).toBe(1)
    expect(refusedUnits(item(1025))).toBe(2)
  })

  describe('of an index', () => {
    const indexed: TableDefinition = { key: ['id'], indexes: [{ key: ['list', 'order'], projected: ['shown'] }] }
    const row = (fields: Record<string, string>): Item =>
      Object.fromEntries(Object.entries({ id: 'a', ...fields }).map(([name, S]) => [name, { S }]))
    const units = (before: Item | undefined, after: Item | undefined) => writeUnits(indexed, before, after) - 1

    it('are none for an item that is not in it', () => {
      expect(units(undefined, row({ list: 'open' }))).toBe(0)
    })

    it('are one where the item comes or goes', () => {
      const listed = row({ list: 'open', order: '1' })
      expect(units(undefined, listed)).toBe(1)
      expect(units(listed, row({}))).toBe(1)
      expect(units(listed, undefined)).toBe(1)
    })

    it('are none where only what the index does not hold changes, and one where something else does', () => {
      const listed = row({ list: 'open', order: '1', shown: 'a', hidden: 'a' })
      expect(units(listed, row({ list: 'open', order: '1', shown: 'a', hidden: 'b' }))).toBe(0)
      expect(units(listed, row({ list: 'open', order: '1', shown: 'b', hidden: 'a' }))).toBe(1)
    })

    it('are not what is stored: that has 100 bytes for each entry besides', () => {
      const listed = row({ list: 'open', order: '1', hidden: 'aaaa' })
      const shown = row({ list: 'open', order: '1' })
      expect(storedSize(indexed, listed)).toBe(sizeOf(listed) + 100 + sizeOf(shown) + 100)
      expect(storedSize(indexed, row({}))).toBe(sizeOf(row({})) + 100)
    })

    it('are two where its key changes: the old entry goes, the new one comes', () => {
      expect(units(row({ list: 'open', order: '1' }), row({ list: 'closed', order: '1' }))).toBe(2)
    })
  })
})

describe("counted write units agree with the engine's", () => {
  // The embedded engine does not count indexes: there, the table has none.
  const dynamodbUrl = process.env.DYNAMODB_LOCAL_URL
  const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const })
  const properties: TableProperties = {
    AttributeDefinitions: ['id', ...(dynamodbUrl === undefined ? [] : ['list', 'order'])].map(attribute),
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    ...(dynamodbUrl === undefined
      ? {}
      : {
          GlobalSecondaryIndexes: [
            {
              IndexName: 'listing',
              KeySchema: [
                { AttributeName: 'list', KeyType: 'HASH' },
                { AttributeName: 'order', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['listed'] },
            },
          ],
        }),
  }
  let aws: Aws
  let client: DynamoDBDocumentClient
  beforeAll(async () => {
    aws = await startAws({ dynamodbUrl })
    client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: aws.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      }),
    )
  })
  afterAll(async () => {
    client.destroy()
    await aws.close()
  })

  const value = fc.oneof(
    fc.string({ maxLength: 700, unit: 'grapheme' }),
    fc.integer(),
    fc.double({ noNaN: true, min: -1e15, max: 1e15 }).filter((n) => n === 0 || Math.abs(n) > 1e-15),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
      fc.string(),
      { maxKeys: 10, noNullPrototype: true },
    ),
    fc.uint8Array({ minLength: 1, maxLength: 900 }),
  )
  const content = fc.record(
    { data: value, listed: fc.oneof(fc.constant('same'), fc.string({ maxLength: 1500 })) },
    { requiredKeys: [] },
  )
  const listing = fc.record({ list: fc.constantFrom('open', 'closed'), order: fc.constantFrom('1', '2') })
  // With the whole key of the index or without it, as we write it: of half a key, the engine counts what AWS does not.
  const fields = fc.oneof(
    content,
    fc.tuple(content, listing).map(([one, other]) => ({ ...one, ...other })),
  )
  const write = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), fields, onlyNew: fc.boolean() }),
    fc.record({ kind: fc.constant('update' as const), fields: fc.record({ data: value }) }),
    fc.record({ kind: fc.constant('delete' as const) }),
  )

  it('for any writes to one item', async () => {
    const name = `Any-${process.pid}`
    await aws.createTable(name, properties)
    let serial = 0
    const send = (id: string, one: typeof write extends fc.Arbitrary<infer Write> ? Write : never) => {
      const about = { TableName: name, ReturnConsumedCapacity: 'TOTAL' as const }
      if (one.kind === 'delete') return client.send(new DeleteCommand({ ...about, Key: { id } }))
      if (one.kind === 'put') {
        const condition = one.onlyNew ? { ConditionExpression: 'attribute_not_exists(id)' } : {}
        return client.send(new PutCommand({ ...about, Item: { id, ...one.fields }, ...condition }))
      }
      return client.send(
        new UpdateCommand({
          ...about,
          Key: { id },
          UpdateExpression: 'SET #data = :data',
          ExpressionAttributeNames: { '#data': 'data' },
          ExpressionAttributeValues: { ':data': one.fields.data },
        }),
      )
    }
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 6 }), async (writes) => {
        const id = `item-${serial++}`
        for (const one of writes) {
          aws.takeUsage()
          const units = await send(id, one)
            .then(({ ConsumedCapacity }) => ConsumedCapacity?.CapacityUnits)
            .catch((error: unknown) => {
              // The engine does not say what that costs.
              if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined
              throw error
            })
          const counted = aws.takeUsage().writeUnits
          if (units === undefined) expect(counted).toBeGreaterThanOrEqual(1)
          else expect(counted, JSON.stringify(one)).toBe(units)
        }
      }),
      { numRuns: 200 },
    )
  })
})
