import { describe, expect, it } from 'vitest'
import { type ApplyMeasurement, costPerMillion, createCostRow, totalCost, usagePerEvent } from '../../../bench/cost.ts'
import { prices } from '../../../bench/prices.ts'

const apply: ApplyMeasurement = {
  requestOrder: 'concurrent',
  fairQueue: true,
  events: 1000,
  batchSize: 100,
  dynamodbRequests: 1200,
  snsRequests: 100,
  writeUnits: 2300,
  readUnits: 200,
  loggedBytes: 50_000,
}

describe('usagePerEvent', () => {
  it('counts one callback, its message and a share of the batch', () => {
    const usage = usagePerEvent({ loggedBytes: 100 }, apply)
    expect(usage).toMatchObject({
      httpApiRequests: 1,
      lambdaRequests: 1.01,
      sqsRequests: 1.2,
      sqsGroupedRequests: 1.2,
      snsRequests: 0.1,
      dynamodbWriteUnits: 2.3,
      dynamodbReadUnits: 0.2,
    })
    expect(usage.logsGb * 1e9).toBeCloseTo(152.7)
    // 6 ms at 0.5 GB; 1.3 requests at 1 GB, each with 1.7 ms of CPU time, and 16 of them share a wait of 5 ms.
    expect(usage.lambdaGbSeconds).toBeCloseTo(0.003 + 0.0013 * (1.7 + 5 / 16))
  })

  it('counts a receive and a delete request for every message if a batch is one message', () => {
    expect(usagePerEvent({ loggedBytes: 0 }, { ...apply, batchSize: 1 })).toMatchObject({
      sqsRequests: 3,
      lambdaRequests: 2,
    })
  })

  it('counts no requests with message groups without a fair queue', () => {
    expect(usagePerEvent({ loggedBytes: 0 }, { ...apply, fairQueue: false })).toMatchObject({
      sqsRequests: 1.2,
      sqsGroupedRequests: 0,
    })
  })

  it('includes the full wait for every request of a function with sequential requests', () => {
    const sequential = usagePerEvent({ loggedBytes: 0 }, { ...apply, requestOrder: 'sequential' })
    expect(sequential.lambdaGbSeconds).toBeCloseTo(0.003 + 0.0013 * 6.7)
    const single = usagePerEvent({ loggedBytes: 0 }, { ...apply, batchSize: 1 })
    expect(single.lambdaGbSeconds).toBeCloseTo(sequential.lambdaGbSeconds)
  })
})

describe('costPerMillion', () => {
  it('multiplies each usage by its price', () => {
    const costs = costPerMillion(usagePerEvent({ loggedBytes: 100 }, apply))
    const { lambdaGbSeconds } = usagePerEvent({ loggedBytes: 100 }, apply)
    expect(costs.dynamodbWriteUnits).toBeCloseTo(2.3 * 0.625)
    expect(costs.sqsRequests).toBeCloseTo(1.2 * 0.4)
    expect(costs.sqsGroupedRequests).toBeCloseTo(1.2 * 0.1)
    expect(costs.logsGb).toBeCloseTo(0.1527 * 0.5)
    expect(costs.lambdaGbSeconds).toBeCloseTo(lambdaGbSeconds * 13.3334)
    const requestsAndUnits = 1 + 0.202 + 0.48 + 0.12 + 0.05 + 1.4375 + 0.025
    expect(totalCost(costs)).toBeCloseTo(requestsAndUnits + costs.logsGb + costs.lambdaGbSeconds)
  })
})

describe('createCostRow', () => {
  it('uses the same receiver on both sides', () => {
    const row = createCostRow({ loggedBytes: 100 }, { ours: apply, peer: { ...apply, writeUnits: 5300 } })
    expect((row.peer?.[0] ?? 0) - (row.ours[0] ?? 0)).toBeCloseTo(3 * 0.625)
  })
})

describe('prices', () => {
  it('state their date and region', () => {
    expect(prices.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(prices.region).toBe('us-east-1')
  })
})
