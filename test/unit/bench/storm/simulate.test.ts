import { describe, expect, it } from 'vitest'
import { createOtherArrivals } from '../../../../bench/storm/arrivals.ts'
import type { StormArrival, StormModel } from '../../../../bench/storm/model.ts'
import { createStormModel, movePartitions, tableOf } from '../../../../bench/storm/scenarios.ts'
import { simulateStorm } from '../../../../bench/storm/simulate.ts'
import { percentile, summarizeStorm } from '../../../../bench/storm/summary.ts'
import { retryDelaySeconds } from '../../../../core/retries/retry-delay.ts'

const model = createStormModel({ participants: 200, withinSeconds: 1 })
const group = model.arrivals[0]?.group ?? ''
const withoutLimit = { ...model, dynamodb: { partitionUnitsPerSecond: Number.MAX_SAFE_INTEGER } }
const lastAppliedMs = (variant: StormModel) => summarizeStorm(simulateStorm(variant), group).lastAppliedMs
const maxDelayMs = (variant: StormModel) =>
  simulateStorm(variant).delays.reduce((max, { delayMs }) => Math.max(max, delayMs), 0)

function createArrival(atMs: number, stream: string): StormArrival {
  return {
    atMs,
    group: 'R',
    stream,
    logWrites: [{ partition: 'log', units: 1 }],
    projection: { partition: 'state', unitsByEvents: [1] },
    indexWrites: [],
  }
}

/** One batch for each event. */
const oneByOne = (arrivals: readonly StormArrival[], changes: Partial<StormModel['apply']> = {}): StormModel => ({
  ...withoutLimit,
  arrivals,
  receive: { coldMs: 0, warmMs: 0 },
  queue: { ...model.queue, batchSize: 1 },
  apply: { ...model.apply, coldMs: 0, ...changes },
})

describe('simulateStorm', () => {
  it('applies every event once, after its arrival, and empties the queue', () => {
    const { delays, depths } = simulateStorm(model)
    expect(delays).toHaveLength(model.arrivals.length)
    expect(Math.min(...delays.map(({ delayMs }) => delayMs))).toBeGreaterThan(0)
    expect(depths.at(-1)).toMatchObject({ waiting: 0, inFlight: 0 })
    expect(Math.max(...depths.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(20 * 100)
  })

  it('takes no longer than the batching window, a cold start and the work if nothing limits it', () => {
    const queue = { ...model.queue, initialConcurrency: 1000, maxConcurrency: 1000 }
    const apply = { ...model.apply, cpuMsPerRequest: 0 }
    expect(maxDelayMs({ ...withoutLimit, queue, apply })).toBeLessThan(
      model.queue.windowMs + model.receive.coldMs + model.apply.coldMs + 500,
    )
  })

  it.each(['log', 'timeline', 'state'])('takes longer if everything in %s is in one partition', (table) => {
    const limited = { ...model, dynamodb: { partitionUnitsPerSecond: 200 } }
    const moved = movePartitions(limited, (partition) => (tableOf(partition) === table ? table : partition))
    expect(lastAppliedMs(moved)).toBeGreaterThan(1.5 * lastAppliedMs(limited))
  })

  it('is limited by the write units of a partition', () => {
    const partitionUnitsPerSecond = 300
    const storm = simulateStorm(movePartitions({ ...model, dynamodb: { partitionUnitsPerSecond } }, tableOf))
    // The burst capacity is one second; the last requests wait for their retries.
    const minSeconds = model.arrivals.length / partitionUnitsPerSecond - 1
    expect(summarizeStorm(storm, group).lastAppliedMs / 1000).toBeGreaterThan(minSeconds)
    expect(storm.throttledRequests).toBeGreaterThan(100)
  })

  it('is limited by the number of concurrent batches', () => {
    const queue = { ...model.queue, initialConcurrency: 1, maxConcurrency: 1 }
    expect(maxDelayMs({ ...withoutLimit, queue })).toBeGreaterThan(1.3 * maxDelayMs(withoutLimit))
  })

  it('starts a receiver for each callback that finds all others busy', () => {
    const withArrivals = (times: readonly number[]) => ({
      ...model,
      arrivals: times.map((atMs) => createArrival(atMs, 'a')),
    })
    expect(simulateStorm(withArrivals([0, 0, 0])).receiverConcurrency).toBe(3)
    expect(simulateStorm(withArrivals([0, 1000, 2000])).receiverConcurrency).toBe(1)
  })
})

describe('simulateStorm for events of one person in two batches', () => {
  const historyReads = [1, 4]
  const requestsWithout = simulateStorm(oneByOne([createArrival(0, 'a'), createArrival(0, 'b')])).requests

  it('reads and writes the projection again if the other batch has written it since the read', () => {
    const { conflicts, requests, writeUnits } = simulateStorm(
      oneByOne([createArrival(0, 'a'), createArrival(1, 'a')], { historyReads }),
    )
    expect(conflicts).toBe(1)
    expect(requests).toBe(requestsWithout + 1 + 1)
    expect(writeUnits).toBe(2 + 2 + 1)
  })

  it('reads the history too if the projection no longer shows what the other batch has added', () => {
    const simulate = (changes: Partial<StormModel['apply']>) =>
      simulateStorm(oneByOne([createArrival(0, 'a'), createArrival(1, 'a')], changes)).requests
    expect(simulate({ historyReads, maxRecentEvents: 1 })).toBe(requestsWithout + 1 + 5 + 1)
  })

  it('has no conflict if the batches are one after the other', () => {
    const { conflicts, requests } = simulateStorm(oneByOne([createArrival(0, 'a'), createArrival(5000, 'a')]))
    expect([conflicts, requests]).toEqual([0, requestsWithout])
  })

  it('reads the history if a later event has been applied already', () => {
    // The receiver of the first event of A starts cold, and that of the second one is warm.
    const arrivals = [
      createArrival(-20_000, 'b'),
      createArrival(0, 'c'),
      createArrival(1, 'a'),
      createArrival(2000, 'a'),
    ]
    const receive = { coldMs: 10_000, warmMs: 1000 }
    const simulate = (reads: readonly number[]) =>
      simulateStorm({ ...oneByOne(arrivals, { historyReads: reads }), receive })
    expect(simulate(historyReads).conflicts).toBe(0)
    expect(simulate(historyReads).requests).toBe(simulate([]).requests + 5)
  })
})

describe('simulateStorm without time for a batch', () => {
  it('delivers what failed again after the visibility timeout', () => {
    const throttled = movePartitions(
      { ...model, apply: { ...model.apply, budgetMs: 300 }, dynamodb: { partitionUnitsPerSecond: 1500 } },
      tableOf,
    )
    const { delays, redeliveries } = simulateStorm(throttled)
    expect(redeliveries).toBeGreaterThan(0)
    expect(delays).toHaveLength(model.arrivals.length)
    expect(maxDelayMs(throttled)).toBeGreaterThan(retryDelaySeconds(1) * 1000)
  })
})

describe('simulateStorm with other rooms', () => {
  // Long enough for a backlog.
  const narrow = { ...model, queue: { ...model.queue, initialConcurrency: 1, maxConcurrency: 1 } }
  const others = createOtherArrivals({ rooms: 200, fromMs: -20_000, untilMs: 20_000 })
  const delayOthers = (detectionDelayMs: number) => {
    const arrivals = [...narrow.arrivals, ...others]
    const storm = simulateStorm({ ...narrow, arrivals, queue: { ...narrow.queue, detectionDelayMs } })
    return percentile(summarizeStorm(storm, group).otherDelaysMs, 0.99)
  }

  it('delays them by a batch if the storm is detected at once, and by the backlog otherwise', () => {
    const [detectedMs, undetectedMs] = [delayOthers(0), delayOthers(200_000)]
    expect(detectedMs).toBeGreaterThan(0)
    expect(undetectedMs).toBeGreaterThan(1.5 * detectedMs)
  })
})
