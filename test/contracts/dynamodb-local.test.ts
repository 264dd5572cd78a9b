import { describe } from 'vitest'
import { dynamodbClient, freshDynamodb } from '../support/dynamodb.ts'
import { storesContract } from './stores.ts'

/** Amazon's own engine; `.ci/run` starts it and sets the address. Elsewhere dynalite stands in for it. */
const endpoint = process.env.DYNAMODB_LOCAL_URL

describe.runIf(endpoint)('in DynamoDB Local', () => {
  const client = dynamodbClient(endpoint ?? '')
  storesContract(() => freshDynamodb(client), 50)
})
