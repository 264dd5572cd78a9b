import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { listingPartition, listingShards } from '../../adapters/dynamodb/listing-keys.ts'
import { costSchedule } from '../../bench/idle/idle-month.ts'
import { prices } from '../../bench/prices.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

let client: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client, stop } = await startDynalite())
})
afterAll(() => stop())

it('sampling usage costs less than 0.10 USD a month while a hundred people are in five rooms around the clock', async () => {
  const tables = await createTables(client)
  const documents = documentClient(client)
  const rooms = Array.from({ length: 5 }, (_, index) => `lesson-${index}`)
  const opens = rooms.map((room_id) => event('open', { room_id }, { at: 1 }))
  const joins = Array.from({ length: 100 }, (_, index) => {
    const user = { room_id: rooms[index % 5] ?? '', user_id: `student-${index}`, user_name: '王小明' }
    return event('join', user, { at: 1000 + index })
  })
  await applyUntilDone(dynamodbDependencies(documents, tables), [...opens, ...joins])

  let reads = 0
  let entries = 0
  for (let shard = 0; shard < listingShards; shard++) {
    const query = new QueryCommand({
      TableName: tables.state,
      IndexName: indexes.listing,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': attributeNames.list },
      ExpressionAttributeValues: { ':list': listingPartition('open', shard) },
      ReturnConsumedCapacity: 'TOTAL',
    })
    const { ConsumedCapacity, Count = 0 } = await documents.send(query)
    reads += ConsumedCapacity?.CapacityUnits ?? 0
    entries += Count
  }
  expect(entries).toBe(105)

  const schedule = { functionName: 'SampleUsage', periodMinutes: 1, memoryGb: 0.25, logsInvocations: false }
  const usage = { writes: 1, reads, sqsRequests: 0, readsSecret: false, platformRequests: 0, loggedBytes: 0 }
  // Each person is written to the directory of people once a day, after a look for the entry and for the name.
  const { dynamodbWriteUnits, dynamodbReadUnits } = prices.perMillion
  const directory = (100 * 30 * (dynamodbWriteUnits + dynamodbReadUnits)) / 1e6
  const usd = costSchedule(schedule, usage).usd + directory
  expect(reads).toBeGreaterThan(1.5)
  expect(usd).toBeLessThan(0.1)
})
