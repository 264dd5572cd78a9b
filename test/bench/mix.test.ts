import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { countUsage } from '../../bench/capacity.ts'
import { meetings, realisticMix } from '../../bench/mix.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import { applyUntilDone, expectedStates, storedStates } from '../support/apply.ts'
import { createTables, dynamodbClient, dynamodbDependencies } from '../support/dynamodb.ts'
import { cut } from '../support/events.ts'

const batchSize = 100

/** Amazon's own engine where `.ci/run` started it: only that one counts what the indexes cost. */
const local = process.env.DYNAMODB_LOCAL_URL
const engine = local === undefined ? 'dynalite, which leaves the indexes out' : 'DynamoDB Local, indexes included'

describe('a one-hour meeting of 30 people, five of them interleaved', () => {
  const events = meetings(realisticMix)
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => server.close())

  it('is the mix that the price is counted on', () => {
    const count = (name: string) => events.filter((event) => event.event === name).length
    const originals = new Set(events.map((event) => event.trace_id)).size
    expect(events.length / originals - 1).toBeCloseTo(0.02, 2)
    expect(count('join')).toBeGreaterThan(5 * 30)
    expect(count('sub') / count('join')).toBeCloseTo(9, 0)
    expect(meetings(realisticMix)).toEqual(events)
  })

  it('applied in batches of 100, costs few requests and units an event, and ends in the folded state', async () => {
    const plain = dynamodbClient(local ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const client = documentClient(plain)
    const dependencies = dynamodbDependencies(client, await createTables(plain))
    const usage = countUsage(client)
    for (const batch of cut(events, [batchSize])) {
      const { outcomes } = await applyBatch(dependencies, batch)
      expect([...outcomes.values()].filter((outcome) => outcome instanceof Error)).toEqual([])
    }
    const each = (total: number) => total / events.length
    console.log(
      `${events.length} events in batches of ${batchSize}: an event costs ${each(usage.requests).toFixed(3)} requests, ` +
        `${each(usage.writeUnits).toFixed(3)} write units, ${each(usage.readUnits).toFixed(3)} read units (${engine})`,
    )
    // The log alone is one request and two units (the row and its place in the timeline index).
    expect(each(usage.requests)).toBeLessThan(1.25)
    expect(each(usage.writeUnits)).toBeLessThan(local === undefined ? 1.4 : 2.6)
    expect(each(usage.writeUnits)).toBeGreaterThan(local === undefined ? 1 : 2)
    const counted = { ...usage }
    // A redelivered batch is settled from the views' memory, without a write.
    const last = events.slice(-batchSize)
    await applyUntilDone(dependencies, last)
    expect(usage.writeUnits).toBe(counted.writeUnits)
    expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
    plain.destroy()
  })
})
