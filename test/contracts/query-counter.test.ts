import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbQueryCounter } from '../../adapters/dynamodb/query-counter.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

let dynamodb: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client: dynamodb, stop } = await startDynalite())
})
afterAll(() => stop())

it('the counter of queries in DynamoDB counts those of each second', async () => {
  const { state } = await createTables(dynamodb)
  const counter = dynamodbQueryCounter(documentClient(dynamodb), state)
  const count = (now: number) => counter.count(now, AbortSignal.timeout(5000))
  const concurrent = await Promise.all([7_000, 7_001, 7_999].map(count))
  expect(concurrent.sort()).toEqual([1, 2, 3])
  expect(await count(8_000)).toBe(1)
  expect(await count(7_500)).toBe(4)
})
