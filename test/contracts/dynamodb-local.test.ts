import { describe } from 'vitest'
import { createStores, dynamodbClient } from '../support/dynamodb.ts'
import { storesContract } from './stores.ts'

/** `.ci/run` starts DynamoDB Local, Amazon's own engine, and sets its address. Without it, only dynalite is tested. */
const endpoint = process.env.DYNAMODB_LOCAL_URL

describe.runIf(endpoint)('DynamoDB stores on DynamoDB Local', () => {
  const client = dynamodbClient(endpoint ?? '')
  storesContract(() => createStores(client), 50)
})
