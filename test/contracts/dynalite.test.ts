import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { createExpiringStores, createStores, startDynalite } from '../support/dynamodb.ts'
import { verifyStateAfterExpiry } from '../support/retention.ts'
import { extremeMessagesContract } from './extreme-messages.ts'
import { storesContract } from './stores.ts'

describe('DynamoDB stores on dynalite', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
  })
  afterAll(() => stop())

  storesContract(() => createStores(client), { events: 20, conflicts: 15 })
  extremeMessagesContract(() => createStores(client), [])

  it(
    'hold the fold of all events ever, whatever has expired from the log',
    () => verifyStateAfterExpiry(() => createExpiringStores(client), 20),
    120_000,
  )
})
