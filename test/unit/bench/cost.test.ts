import { describe, expect, it } from 'vitest'
import { type Applying, costPerMillion, costRow, totalOf, usageOf } from '../../../bench/cost.ts'
import { prices } from '../../../bench/prices.ts'

const applying: Applying = {
  waiting: 'together',
  events: 1000,
  batchSize: 100,
  dynamodbRequests: 1200,
  snsRequests: 100,
  writeUnits: 2300,
  readUnits: 200,
  loggedBytes: 50_000,
}

describe('the price of an event', () => {
  const usage = usageOf({ loggedBytes: 100 }, applying)

  it('is of one callback, its message, and its share of a batch', () => {
    expect(usage).toMatchObject({
      httpApiRequests: 1,
      lambdaRequests: 1.01,
      sqsRequests: 1.2,
      snsRequests: 0.1,
      dynamodbWriteUnits: 2.3,
      dynamodbReadUnits: 0.2,
    })
    expect(usage.logsGb * 1e9).toBeCloseTo(152.7)
    // 6 ms of half a GB; 1.3 requests at 1 GB, of 1.7 ms each, sixteen of which wait for 5 ms together.
    expect(usage.lambdaGbSeconds).toBeCloseTo(0.003 + 0.0013 * (1.7 + 5 / 16))
  })

  it('is what each of these costs a million times', () => {
    const costs = costPerMillion(usage)
    expect(costs.dynamodbWriteUnits).toBeCloseTo(2.3 * 0.625)
    expect(costs.sqsRequests).toBeCloseTo(1.2 * 0.4)
    expect(costs.logsGb).toBeCloseTo(0.1527 * 0.5)
    expect(costs.lambdaGbSeconds).toBeCloseTo(usage.lambdaGbSeconds * 13.3334)
    const fixed = 1 + 0.202 + 0.48 + 0.05 + 1.4375 + 0.025
    expect(totalOf(costs)).toBeCloseTo(fixed + costs.logsGb + costs.lambdaGbSeconds)
  })

  it('counts requests of the queue one by one where a batch is one message', () => {
    expect(usageOf({ loggedBytes: 0 }, { ...applying, batchSize: 1 })).toMatchObject({
      sqsRequests: 3,
      lambdaRequests: 2,
    })
  })

  it('has the waiting of a function that makes its requests one by one', () => {
    const waits = usageOf({ loggedBytes: 0 }, { ...applying, waiting: 'one by one' })
    expect(waits.lambdaGbSeconds).toBeCloseTo(0.003 + 0.0013 * 6.7)
    const alone = usageOf({ loggedBytes: 0 }, { ...applying, batchSize: 1 })
    expect(alone.lambdaGbSeconds).toBeCloseTo(waits.lambdaGbSeconds)
  })

  it('has the same receiver on both sides of the comparison', () => {
    const { ours, peer } = costRow({ loggedBytes: 100 }, applying, { ...applying, writeUnits: 5300 })
    expect((peer?.[0] ?? 0) - (ours[0] ?? 0)).toBeCloseTo(3 * 0.625)
  })
})

it('the price table says of when and of where it is', () => {
  expect(prices.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect(prices.region).toBe('us-east-1')
})
