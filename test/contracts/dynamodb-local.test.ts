import { describe, it } from 'vitest'
import { createExpiringStores, createStores, dynamodbClient } from '../support/dynamodb.ts'
import { verifyStateAfterExpiry } from '../support/retention.ts'
import { extremeMessagesContract } from './extreme-messages.ts'
import { storesContract } from './stores.ts'

/** `.ci/run` starts DynamoDB Local, Amazon's own engine, and sets its address. Without it, only dynalite is tested. */
const endpoint = process.env.DYNAMODB_LOCAL_URL

describe.runIf(endpoint)('DynamoDB stores on DynamoDB Local', () => {
  const client = dynamodbClient(endpoint ?? '')
  storesContract(() => createStores(client), { events: 15, conflicts: 15 })
  extremeMessagesContract(() => createStores(client), ['emoji', 'lone surrogates'])

  it(
    'hold the fold of all events ever, whatever has expired from the log',
    () => verifyStateAfterExpiry(() => createExpiringStores(client), 15),
    120_000,
  )
})
