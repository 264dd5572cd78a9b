import { SeededRandom } from '@northbound/avd-simulator'
import { PartitionThrottle } from '@northbound/template-runner'
import { describe, expect, it } from 'vitest'
import { type SimulatedAws, SimulatedFunction } from '../../../../bench/storm/simulated-function.ts'
import { SimulatedTime, type Task } from '../../../../bench/storm/simulated-time.ts'

const settings = {
  coldMs: 0,
  requestMs: 5,
  cpuMsPerRequest: 2,
  groupSize: 16,
  groupConcurrency: 2,
  projectionConcurrency: 8,
  budgetMs: 20_000,
  maxRecentEvents: 12,
  historyReads: [],
}

function createAws(unitsPerSecond: number): SimulatedAws {
  const usage = { batches: 0, requests: 0, writeUnits: 0, throttledRequests: 0, conflicts: 0, redeliveries: 0 }
  const throttle = new PartitionThrottle(unitsPerSecond)
  return { time: new SimulatedTime(), throttle, random: new SeededRandom(1), usage }
}

/** Runs a task of a new function from 0 ms. @returns when it ended. */
function runTask(aws: SimulatedAws, create: (instance: SimulatedFunction) => Task): number | undefined {
  let endedAtMs: number | undefined
  aws.time.schedule(0, () => {
    aws.time.start(create(new SimulatedFunction(aws, settings)), () => {
      endedAtMs = aws.time.nowMs
    })
  })
  aws.time.run()
  return endedAtMs
}

const unit = [{ partition: 'a', units: 1 }]

describe('SimulatedFunction', () => {
  it('waits for responses in parallel, and uses its CPU for one request after another', () => {
    const aws = createAws(100)
    expect(runTask(aws, (instance) => instance.requestSteps([1, 4]))).toBe(2 + 5 + 4 * 2 + 5)
    expect(aws.usage.requests).toBe(5)
  })

  it('writes again until the partition has units', () => {
    const aws = createAws(1)
    const endedAtMs = runTask(aws, function* (instance) {
      for (let count = 0; count < 3; count++) expect(yield* instance.write(() => unit, 60_000)).toBe('written')
    })
    expect(endedAtMs).toBeGreaterThan(2000)
    expect(aws.usage).toMatchObject({ writeUnits: 3, requests: 3 + aws.usage.throttledRequests })
    expect(aws.usage.throttledRequests).toBeGreaterThanOrEqual(2)
  })

  it('gives up a write at its deadline', () => {
    const aws = createAws(0.001)
    const endedAtMs = runTask(aws, function* (instance) {
      yield* instance.write(() => unit, 1000)
      expect(yield* instance.write(() => unit, 1000)).toBe('gave_up')
    })
    expect(endedAtMs).toBe(1000)
  })

  it('gives up a write after fifteen seconds of throttling', () => {
    const aws = createAws(0.001)
    const endedAtMs = runTask(aws, function* (instance) {
      yield* instance.write(() => unit, 1000)
      expect(yield* instance.write(() => unit, 60_000)).toBe('gave_up')
    })
    expect(endedAtMs).toBeGreaterThan(15_000)
    expect(endedAtMs).toBeLessThan(22_000)
  })
})
