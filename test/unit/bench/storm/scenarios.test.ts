import { describe, expect, it } from 'vitest'
import { renderStormPlot } from '../../../../bench/storm/plot.ts'
import { createStormModel, formatScenario, simulateScenarios } from '../../../../bench/storm/scenarios.ts'
import { describeSteadyLoad } from '../../../../bench/storm/steady-load.ts'
import { percentile, summarizeStorm } from '../../../../bench/storm/summary.ts'

describe('simulateScenarios', () => {
  const scenarios = simulateScenarios({ participants: 20, withinSeconds: 1 })

  it('returns scenarios that can be printed', () => {
    for (const scenario of scenarios) expect(formatScenario(scenario)).toContain('240 events')
  })

  it('returns scenarios that can be plotted', () => {
    const svg = renderStormPlot('a storm', scenarios)
    expect(svg).toMatch(/^<svg /)
    for (const { name } of scenarios) expect(svg).toContain(name)
  })

  it('differ only in the order of messages, or in their partitions', () => {
    const applied = new Set(scenarios.map(({ storm }) => storm.delays.length))
    expect(applied.size).toBe(1)
  })
})

describe('describeSteadyLoad', () => {
  it('describes the batches and delays of rooms that are in use all the time', () => {
    const model = createStormModel({ participants: 1, withinSeconds: 1 })
    const text = describeSteadyLoad(model, 10)
    expect(text).toMatch(
      /^82 rooms, 9 events a second, at most 20 batches at once\n {2}batches of 1\d; delay: 0\.\d+ s/,
    )
    expect(text).toMatch(/\n {2}1\.\d+ requests and 2\.\d+ write units an event/)
  })
})

describe('summarizeStorm', () => {
  it('sorts the delays of the storm, and those of other events that arrived meanwhile', () => {
    const delay = (group: string, arrivedAtMs: number, delayMs: number) => {
      return { group, atMs: arrivedAtMs + delayMs, delayMs }
    }
    const delays = [
      delay('other', -1, 5),
      delay('storm', 0, 10),
      delay('other', 5, 7),
      delay('storm', 10, 8),
      delay('other', 11, 4),
      delay('other', 19, 1),
    ]
    const depths = [3, 1].map((waiting, atMs) => ({ atMs, waiting, inFlight: 0 }))
    const usage = { batches: 1, requests: 1, writeUnits: 1, throttledRequests: 0, conflicts: 0, redeliveries: 0 }
    expect(summarizeStorm({ ...usage, delays, depths, receiverConcurrency: 1 }, 'storm')).toEqual({
      group: 'storm',
      lastAppliedMs: 18,
      delaysMs: [8, 10],
      otherDelaysMs: [4, 7],
      maxWaiting: 3,
    })
  })
})

describe('percentile', () => {
  it('returns the smallest value that the share of the values does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1)
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 99, 100])
    expect(percentile([], 0.5)).toBe(0)
  })
})
