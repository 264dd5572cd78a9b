import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe } from 'vitest'
import { embeddedDynamodb, freshDynamodb } from '../support/dynamodb.ts'
import { storesContract } from './stores.ts'

describe('in DynamoDB, as dynalite', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await embeddedDynamodb())
  })
  afterAll(() => stop())

  storesContract(() => freshDynamodb(client), 50)
})
