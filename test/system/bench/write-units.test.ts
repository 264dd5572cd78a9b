import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type EmulatedAws, startEmulatedAws } from '@northbound/template-runner'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const dynamodbUrl = process.env.DYNAMODB_LOCAL_URL

const listingIndex = {
  IndexName: 'listing',
  KeySchema: [
    { AttributeName: 'list', KeyType: 'HASH' },
    { AttributeName: 'order', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['listed'] },
}

/** The embedded engine does not count indexes, so its table has none. */
const table = {
  AttributeDefinitions: ['id', ...(dynamodbUrl === undefined ? [] : ['list', 'order'])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  ...(dynamodbUrl !== undefined && { GlobalSecondaryIndexes: [listingIndex] }),
}

const value = fc.oneof(
  fc.string({ maxLength: 700, unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }).filter((n) => n === 0 || Math.abs(n) > 1e-15),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 20 }),
  fc.dictionary(
    // The SDK takes a map with a member `constructor` for an instance of a class.
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && name !== 'constructor'),
    fc.string(),
    { maxKeys: 10, noNullPrototype: true },
  ),
  fc.uint8Array({ minLength: 1, maxLength: 900 }),
)
const content = fc.record(
  { data: value, listed: fc.oneof(fc.constant('same'), fc.string({ maxLength: 1500 })) },
  { requiredKeys: [] },
)
const indexKey = fc.record({ list: fc.constantFrom('open', 'closed'), order: fc.constantFrom('1', '2') })
// Items have either the complete index key or none of it: for half a key, DynamoDB Local counts units that AWS does not.
const fields = fc.oneof(
  content,
  fc.tuple(content, indexKey).map(([attributes, key]) => ({ ...attributes, ...key })),
)
const write = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), fields, onlyNew: fc.boolean() }),
  fc.record({ kind: fc.constant('update' as const), fields: fc.record({ data: value }) }),
  fc.record({ kind: fc.constant('delete' as const) }),
)
type ItemWrite = typeof write extends fc.Arbitrary<infer Write> ? Write : never

function sendCommand(client: DynamoDBDocumentClient, TableName: string, id: string, itemWrite: ItemWrite) {
  const options = { TableName, ReturnConsumedCapacity: 'TOTAL' as const }
  switch (itemWrite.kind) {
    case 'delete':
      return client.send(new DeleteCommand({ ...options, Key: { id } }))
    case 'put': {
      const condition = itemWrite.onlyNew ? { ConditionExpression: 'attribute_not_exists(id)' } : {}
      return client.send(new PutCommand({ ...options, Item: { id, ...itemWrite.fields }, ...condition }))
    }
    case 'update':
      return client.send(
        new UpdateCommand({
          ...options,
          Key: { id },
          UpdateExpression: 'SET #data = :data',
          ExpressionAttributeNames: { '#data': 'data' },
          ExpressionAttributeValues: { ':data': itemWrite.fields.data },
        }),
      )
  }
}

describe('the write units of the metered endpoint', () => {
  let aws: EmulatedAws
  let client: DynamoDBDocumentClient
  beforeAll(async () => {
    aws = await startEmulatedAws({ dynamodbUrl })
    client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: aws.endpointUrl,
        region: aws.region,
        credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      }),
    )
  })
  afterAll(async () => {
    client.destroy()
    await aws.stop()
  })

  /** @returns the units that the engine reports; undefined for a failed condition, for which it reports none. */
  async function sendWrite(tableName: string, id: string, itemWrite: ItemWrite): Promise<number | undefined> {
    try {
      const { ConsumedCapacity } = await sendCommand(client, tableName, id, itemWrite)
      return ConsumedCapacity?.CapacityUnits
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined
      throw error
    }
  }

  it('agree with the engine for any writes to one item', async () => {
    const tableName = `Any-${process.pid}`
    await aws.createTable(tableName, table)
    let serial = 0
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 6 }), async (writes) => {
        const id = `item-${serial++}`
        for (const itemWrite of writes) {
          aws.takeUsage()
          const units = await sendWrite(tableName, id, itemWrite)
          const { writeUnits } = aws.takeUsage()
          if (units === undefined) expect(writeUnits).toBeGreaterThanOrEqual(1)
          else expect(writeUnits, JSON.stringify(itemWrite)).toBe(units)
        }
      }),
      { numRuns: 200 },
    )
  })
})
