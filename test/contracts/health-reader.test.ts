import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbOpenWarningRecorder } from '../../adapters/dynamodb/open-warnings.ts'
import { sampleKey } from '../../adapters/dynamodb/refused-sample-item.ts'
import { healthReader } from '../../adapters/health-reader.ts'
import { group } from '../../names/refused-samples.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'
import { countRequests } from '../support/pages.ts'

let dynamodb: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client: dynamodb, stop } = await startDynalite())
})
afterAll(() => stop())

it('the health of an installation has open warnings and the last wrong check_code, with three requests to DynamoDB', async () => {
  const client = documentClient(dynamodb)
  const { state } = await createTables(dynamodb)
  const sqs = async () => ({ Attributes: {} })
  const options = { dynamodb: client, stateTable: state, sqs, eventQueueUrl: '', deadLetterQueueUrl: '', now: () => 0 }
  const reader = healthReader(options)
  expect(await reader.read()).toMatchObject({ has_open_warnings: false, last_wrong_check_code_at: undefined })
  await dynamodbOpenWarningRecorder(client, state).record({ kind: 'port_check', box_code: 'B' }, 5)
  for (const [item, at] of [
    [sampleKey('check_code_wrong', 1), 7],
    [sampleKey('check_code_wrong', 4), 9],
    [sampleKey('check_code_missing', 0), 11],
  ] as const)
    await client.send(new PutCommand({ TableName: state, Item: { group, item, at } }))
  const requests = countRequests(client)
  expect(await reader.read()).toMatchObject({ has_open_warnings: true, last_wrong_check_code_at: 9 })
  expect(requests()).toBe(3)
})
