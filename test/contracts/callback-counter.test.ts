import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  dynamodbCallbackClock,
  dynamodbCallbackCounter,
  readCallbackActivity,
} from '../../adapters/dynamodb/callback-counter.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

const minuteMs = 60_000
const now = Date.parse('2026-11-24T14:05:03Z')

describe('dynamodbCallbackCounter', () => {
  let dynamodb: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client: dynamodb, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createCounter() {
    const client = documentClient(dynamodb)
    const { state } = await createTables(dynamodb)
    const counter = dynamodbCallbackCounter(client, state)
    return {
      /** Counts callbacks that were applied this many minutes ago, as soon as they were received. */
      add: (count: number, minutesAgo: number, lastReceivedAt = now - minutesAgo * minuteMs) =>
        counter.add({ count, lastReceivedAt }, now - minutesAgo * minuteMs),
      readActivity: () => readCallbackActivity(client, state, now),
      clock: dynamodbCallbackClock(client, state),
    }
  }

  it('knows no callback at first', async () => {
    const { readActivity, clock } = await createCounter()
    expect(await readActivity()).toEqual({ lastHour: 0, lastAt: undefined })
    expect(await clock.readLastCallback()).toBeUndefined()
  })

  it('counts the callbacks of the last hour, several batches a minute', async () => {
    const { add, readActivity } = await createCounter()
    await add(1000, 61)
    for (let minutesAgo = 59; minutesAgo >= 0; minutesAgo--) await add(2, minutesAgo)
    await add(5, 0)
    expect(await readActivity()).toEqual({ lastHour: 125, lastAt: now })
  })

  it('knows when the last callback was received, however long ago', async () => {
    const { add, readActivity, clock } = await createCounter()
    await add(3, 7 * 24 * 60)
    expect(await readActivity()).toEqual({ lastHour: 0, lastAt: now - 7 * 24 * 60 * minuteMs })
    expect(await clock.readLastCallback()).toBe(now - 7 * 24 * 60 * minuteMs)
  })

  it('takes no callback that was redriven for the last one', async () => {
    const { add, readActivity, clock } = await createCounter()
    await add(1, 5)
    await add(1, 0, now - 24 * 60 * minuteMs)
    expect(await readActivity()).toEqual({ lastHour: 2, lastAt: now - 5 * minuteMs })
    expect(await clock.readLastCallback()).toBe(now - 5 * minuteMs)
  })
})
