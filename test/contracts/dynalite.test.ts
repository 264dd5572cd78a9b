import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { afterAll, beforeAll, describe } from 'vitest'
import { dynamodbClient, freshDynamodb } from '../support/dynamodb.ts'
import { storesContract } from './stores.ts'

describe('in DynamoDB, as dynalite', () => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  let client: DynamoDBClient

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    client = dynamodbClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  afterAll(() => {
    client.destroy()
    server.close()
  })

  storesContract(() => freshDynamodb(client), 50)
})
