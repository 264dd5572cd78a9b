import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbUsageReader, dynamodbUsageStore } from '../../adapters/dynamodb/usage-store.ts'
import { addSample } from '../../core/usage/usage-hour.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

const hour = 490_000
const sampleAt = (minutes: number) => ({ at: (hour * 60 + minutes) * 60_000, people: 9999, rooms: 500, meetings: 9 })

describe('the stored usage', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createStore() {
    const { state } = await createTables(client)
    const documents = documentClient(client)
    const scan = async () => (await documents.send(new ScanCommand({ TableName: state }))).Items ?? []
    return { store: dynamodbUsageStore(documents, state, 30), reader: dynamodbUsageReader(documents, state), scan }
  }

  it('is read as it was written, the latest hour first', async () => {
    const { store, reader } = await createStore()
    expect(await store.readLatest()).toBeUndefined()
    const hours = [0, 60, 120].map((minutes) => addSample(undefined, sampleAt(minutes)))
    for (const each of hours) expect(await store.write(each, undefined)).toBe('written')
    expect(await store.readLatest()).toEqual(hours[2])
    const all = { from: 0, to: 1e9, maxHours: 10 }
    expect(await reader.listHours(all)).toEqual({ hours: hours.toReversed(), next: undefined })
    expect(await reader.listHours({ ...all, maxHours: 2 })).toEqual({ hours: [hours[2], hours[1]], next: hour + 1 })
    expect(await reader.listHours({ ...all, from: hour + 1, to: hour + 2 })).toEqual({
      hours: [hours[1]],
      next: undefined,
    })
    expect(await reader.listHours({ ...all, from: hour, to: hour })).toEqual({ hours: [], next: undefined })
  })

  it('is written only over the hour that it was made from', async () => {
    const { store } = await createStore()
    const first = addSample(undefined, sampleAt(0))
    const second = addSample(first, sampleAt(1))
    expect(await store.write(first, undefined)).toBe('written')
    expect(await store.write(first, undefined)).toBe('conflict')
    expect(await store.write(second, first.last_at)).toBe('written')
    expect(await store.write(second, first.last_at)).toBe('conflict')
    expect(await store.readLatest()).toEqual(second)
  })

  it('takes one write unit for an hour and expires with the retention', async () => {
    const { store, scan } = await createStore()
    const full = Array.from({ length: 60 }, (_, minute) => sampleAt(minute)).reduce(
      (stored, sample) => addSample(stored, sample),
      addSample(undefined, sampleAt(0)),
    )
    await store.write(full, undefined)
    const [item] = await scan()
    expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(500)
    expect(item?.expires_at).toBe(full.last_at / 1000 + 30 * 86_400)
  })
})
