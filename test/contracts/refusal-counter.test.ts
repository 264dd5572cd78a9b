import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsJsonClient } from '../../adapters/aws-json/client.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRefusalCountReader } from '../../adapters/dynamodb/refusal-count-reader.ts'
import { dynamodbRefusalCounter } from '../../adapters/dynamodb/refusal-counter.ts'
import type { RefusalCounts } from '../../core/ports/refusal-counter.ts'
import { rejectionOutcomes } from '../../names/outcomes.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

const minuteMs = 60_000
const noon = Date.UTC(2024, 10, 24, 12)

describe('the stored numbers of refused callbacks', () => {
  let client: DynamoDBClient
  let url: string
  let stop: () => void
  beforeAll(async () => {
    ;({ client, url, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createCounter() {
    const { state } = await createTables(client)
    const credentials = () => ({ accessKeyId: 'test', secretAccessKey: 'test' })
    const options = { service: 'dynamodb', endpoint: new URL(url), region: 'us-east-1', credentials } as const
    const json = awsJsonClient({ ...options, protocol: 'application/x-amz-json-1.0' })
    const counter = dynamodbRefusalCounter(json, state, 400)
    const reader = dynamodbRefusalCountReader(documentClient(client), state)
    return {
      add: (counts: RefusalCounts, at: number) => counter.add(counts, at, AbortSignal.timeout(5000)),
      count: (from: number, to: number) => reader.countRefusals({ from, to }),
    }
  }

  it('are zero at first', async () => {
    const { count } = await createCounter()
    expect(await count(0, noon)).toEqual({})
  })

  it('are the sums of what all environments added', async () => {
    const { add, count } = await createCounter()
    await Promise.all(Array.from({ length: 5 }, () => add({ check_code_wrong: 2 }, noon)))
    await add({ check_code_wrong: 1, too_large: 7 }, noon + minuteMs)
    expect(await count(noon, noon + 2 * minuteMs)).toEqual({ check_code_wrong: 11, too_large: 7 })
  })

  it('have every outcome', async () => {
    const { add, count } = await createCounter()
    const all = Object.fromEntries(rejectionOutcomes.map((outcome, index) => [outcome, index + 1]))
    await add(all, noon)
    expect(await count(noon, noon + minuteMs)).toEqual(all)
  })

  it('are those of the whole minutes of an interval', async () => {
    const { add, count } = await createCounter()
    for (const at of [-1, 0, minuteMs - 1, minuteMs]) await add({ unreadable: 1 }, noon + at)
    expect(await count(noon, noon + minuteMs)).toEqual({ unreadable: 2 })
  })
})
