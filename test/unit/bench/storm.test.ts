import { describe, expect, it } from 'vitest'
import { itemKey, participantGroups, streamKey, timelineKey, timelineKeys } from '../../../adapters/dynamodb/keys.ts'
import { renderStormPlot } from '../../../bench/plot.ts'
import { simulateStorm } from '../../../bench/simulate-storm.ts'
import type { StormModel, StormPartitions } from '../../../bench/storm-model.ts'
import {
  createStormModel,
  formatScenario,
  projectionUnitsAfterReconnecting,
  simulateScenarios,
} from '../../../bench/storm-scenarios.ts'

const participants = 1000
const model = createStormModel(participants, 2)
const unlimited = { ...model.dynamodb, partitionUnitsPerSecond: Number.POSITIVE_INFINITY }
const lastAppliedMs = (variant: StormModel) => Math.max(...simulateStorm(variant).delays.map(({ atMs }) => atMs))
const maxDelayMs = (variant: StormModel) => Math.max(...simulateStorm(variant).delays.map(({ delayMs }) => delayMs))

describe('createStormModel', () => {
  it('creates twelve events for each participant who reconnects', () => {
    expect(model.arrivals).toHaveLength(participants * 12)
    expect(new Set(model.arrivals.map(({ userId }) => userId)).size).toBe(participants)
    expect(projectionUnitsAfterReconnecting()).toBe(2)
  })

  it('writes each event to the partitions to which the deployed functions write it', () => {
    const countPartitions = (table: keyof StormPartitions) =>
      new Set(model.arrivals.map(({ partitions }) => partitions[table])).size
    expect(countPartitions('log')).toBe(participants)
    expect(countPartitions('timeline')).toBe(timelineKeys('R').length)
    expect(countPartitions('state')).toBe(participantGroups('R').length)
    const [first] = model.arrivals
    const participant = { kind: 'participant', room_id: '18000000', user_id: first?.userId ?? '' } as const
    expect(first?.partitions.state).toContain(itemKey(participant).group)
    expect(first?.partitions.timeline).toContain(timelineKey(participant))
    expect(first?.partitions.log).toContain(streamKey(participant))
  })
})

describe('simulateStorm', () => {
  it('applies every event once, after its arrival, and empties the queue', () => {
    const { delays, depths } = simulateStorm(model)
    expect(delays).toHaveLength(model.arrivals.length)
    expect(Math.min(...delays.map(({ delayMs }) => delayMs))).toBeGreaterThan(0)
    expect(depths.at(-1)).toMatchObject({ waiting: 0, inFlight: 0 })
    expect(Math.max(...depths.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(20 * 100)
  })

  it('takes no longer than the batching window and the work if nothing limits it', () => {
    const unlimitedModel = {
      ...model,
      dynamodb: unlimited,
      queue: { ...model.queue, initialConcurrency: 1000, maxConcurrency: 1000 },
    }
    expect(maxDelayMs(unlimitedModel)).toBeLessThan(model.queue.windowMs + 500)
  })

  it.each<keyof StormPartitions>(['log', 'timeline', 'state'])(
    'takes longer if everything in the table or index %s is in one partition',
    (table) => {
      const arrivals = model.arrivals.map((arrival) => ({
        ...arrival,
        partitions: { ...arrival.partitions, [table]: table },
      }))
      expect(lastAppliedMs({ ...model, arrivals })).toBeGreaterThan(1.5 * lastAppliedMs(model))
    },
  )

  it('is limited by the write units of a partition', () => {
    const arrivals = model.arrivals.map((arrival) => ({
      ...arrival,
      partitions: { ...arrival.partitions, state: 'state' },
    }))
    const { delays, conflicts } = simulateStorm({ ...model, arrivals })
    const units = (model.arrivals.length - participants + conflicts) * model.dynamodb.projectionUnits
    // Events of one participant may share a batch, so one event per participant is subtracted. The burst capacity is one second.
    expect(Math.max(...delays.map(({ atMs }) => atMs))).toBeGreaterThan((units / 1000) * 900 - 1000)
  })

  it('is limited by the number of concurrent batches', () => {
    const narrow = {
      ...model,
      dynamodb: unlimited,
      queue: { ...model.queue, initialConcurrency: 2, maxConcurrency: 2 },
    }
    expect(maxDelayMs(narrow)).toBeGreaterThan(maxDelayMs({ ...model, dynamodb: unlimited }))
  })

  it('starts a receiver for each callback that finds all others busy', () => {
    const withArrivals = (times: readonly number[]) => ({
      ...model,
      arrivals: times.map((atMs) => ({
        atMs,
        userId: 'a',
        partitions: { log: 'log', timeline: 'timeline', state: 'state' },
      })),
    })
    expect(simulateStorm(withArrivals([0, 0, 0])).receiverConcurrency).toBe(3)
    expect(simulateStorm(withArrivals([0, 1000, 2000])).receiverConcurrency).toBe(1)
  })
})

describe('simulateScenarios', () => {
  const scenarios = simulateScenarios(20, 1)

  it('returns scenarios that can be printed', () => {
    for (const scenario of scenarios) expect(formatScenario(scenario)).toContain('240 events')
  })

  it('returns scenarios that can be plotted', () => {
    const svg = renderStormPlot('a storm', scenarios)
    expect(svg).toMatch(/^<svg /)
    for (const { name } of scenarios) expect(svg).toContain(name)
  })
})
