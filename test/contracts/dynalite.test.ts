import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe } from 'vitest'
import { createStores, startDynalite } from '../support/dynamodb.ts'
import { storesContract } from './stores.ts'

describe('DynamoDB stores on dynalite', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
  })
  afterAll(() => stop())

  storesContract(() => createStores(client), 50)
})
