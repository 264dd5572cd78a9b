import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamodbApplierActivityReader, dynamodbFailureRecorder } from '../../adapters/dynamodb/applier-activity.ts'
import {
  dynamodbCallbackClock,
  dynamodbCallbackCounter,
  dynamodbCallbackCountReader,
  readCallbackActivity,
} from '../../adapters/dynamodb/callback-counter.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

const minuteMs = 60_000
const now = Date.parse('2026-11-24T14:05:03Z')

describe('the counter of applied callbacks and failures in DynamoDB', () => {
  let dynamodb: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client: dynamodb, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createCounter() {
    const client = documentClient(dynamodb)
    const { state } = await createTables(dynamodb)
    const counter = dynamodbCallbackCounter(client, state, 400)
    return {
      /** Counts callbacks that were applied this many minutes ago, as soon as they were received. */
      add: (count: number, minutesAgo: number, lastReceivedAt = now - minutesAgo * minuteMs) =>
        counter.add({ count, kinds: { join: count }, lastReceivedAt }, now - minutesAgo * minuteMs),
      counter,
      counts: dynamodbCallbackCountReader(client, state),
      readActivity: () => readCallbackActivity(client, state, now),
      clock: dynamodbCallbackClock(client, state),
      failures: dynamodbFailureRecorder(client, state),
      applier: dynamodbApplierActivityReader(client, state),
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

  it('counts callbacks by kind in an interval of whole minutes', async () => {
    const { counter, counts } = await createCounter()
    const minute = Math.floor(now / minuteMs) * minuteMs
    const add = (kinds: Record<string, number>, minutesAgo: number) =>
      counter.add({ count: 1, kinds, lastReceivedAt: now }, minute - minutesAgo * minuteMs)
    await add({ join: 100 }, 11)
    await add({ join: 1, leave: 2 }, 10)
    await add({ join: 3, record_transcoding_completion: 4 }, 10)
    await add({}, 5)
    await add({ leave: 5, other: 6 }, 1)
    await add({ leave: 100 }, 0)
    expect(await counts.countByKind({ from: minute - 10 * minuteMs, to: minute })).toEqual({
      join: 4,
      leave: 7,
      record_transcoding_completion: 4,
      other: 6,
    })
    expect(await counts.countByKind({ from: 0, to: minuteMs })).toEqual({})
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

  it('keeps the last callback if others are redriven in the same minute', async () => {
    const { add, readActivity } = await createCounter()
    await add(1, 0, now - 24 * 60 * minuteMs)
    await add(1, 0)
    await add(1, 0, now - 24 * 60 * minuteMs)
    expect(await readActivity()).toEqual({ lastHour: 3, lastAt: now })
  })

  it('knows the last callback if others were redriven for half an hour since', async () => {
    const { add, clock } = await createCounter()
    await add(1, 30)
    for (let minutesAgo = 29; minutesAgo >= 0; minutesAgo--) await add(1, minutesAgo, now - 24 * 60 * minuteMs)
    expect(await clock.readLastCallback()).toBe(now - 30 * minuteMs)
  })

  it('knows how many callbacks were applied in the last ten minutes, and when a message failed last', async () => {
    const { add, applier, failures, clock } = await createCounter()
    expect(await applier.read(now)).toEqual({ lastFailureAt: undefined, appliedCallbacks: 0 })
    await failures.record(now - 5000)
    await failures.record(now - 3000)
    for (const minutesAgo of [60, 10, 9, 1, 0]) await add(2, minutesAgo)
    // Applied, but not published.
    await add(0, 0)
    expect(await applier.read(now)).toEqual({ lastFailureAt: now - 3000, appliedCallbacks: 6 })
    expect(await clock.readLastCallback()).toBe(now)
  })
})
