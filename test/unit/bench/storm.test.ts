import { describe, expect, it } from 'vitest'
import { stormPlot } from '../../../bench/plot.ts'
import { stormOf, storms, summary, viewUnitsAfterReconnecting } from '../../../bench/storm.ts'
import { playStorm, type StormModel } from '../../../bench/storm-model.ts'

const people = 1000
const model = stormOf(people, 2)
const unlimited = { ...model.dynamodb, timelinePartitions: 1e6, statePartitions: 1e6 }
const lastOf = (given: StormModel) => Math.max(...playStorm(given).delays.map(({ at }) => at))
const worstOf = (given: StormModel) => Math.max(...playStorm(given).delays.map(({ delay }) => delay))

describe('the simulated storm', () => {
  it('is of everybody who comes back, with a dozen events each', () => {
    expect(model.arrivals).toHaveLength(people * 12)
    expect(new Set(model.arrivals.map(({ person }) => person)).size).toBe(people)
    expect(viewUnitsAfterReconnecting()).toBe(2)
  })

  it('applies every event once, after it came, and empties the queue', () => {
    const { delays, moments } = playStorm(model)
    expect(delays).toHaveLength(model.arrivals.length)
    expect(Math.min(...delays.map(({ delay }) => delay))).toBeGreaterThan(0)
    expect(moments.at(-1)).toMatchObject({ waiting: 0, inFlight: 0 })
    expect(Math.max(...moments.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(20 * 100)
  })

  it('takes no longer than the window and the work where nothing is in the way', () => {
    const free = {
      ...model,
      dynamodb: unlimited,
      queue: { ...model.queue, firstConcurrency: 1000, maxConcurrency: 1000 },
    }
    expect(worstOf(free)).toBeLessThan(model.queue.windowMs + 500)
  })

  it('is never faster than the partition of the room, which takes so many units a second', () => {
    const { delays, conflicts } = playStorm(model)
    const units = (model.arrivals.length - people + conflicts) * model.dynamodb.viewUnits
    // Somebody's events may share a batch, hence the people taken off; a second's worth is in hand.
    expect(Math.max(...delays.map(({ at }) => at))).toBeGreaterThan((units / 1000) * 900 - 1000)
    expect(lastOf(model)).toBeGreaterThan(lastOf({ ...model, dynamodb: unlimited }))
  })

  it('is held up by too few batches at a time as well', () => {
    const narrow = { ...model, dynamodb: unlimited, queue: { ...model.queue, firstConcurrency: 2, maxConcurrency: 2 } }
    expect(worstOf(narrow)).toBeGreaterThan(worstOf({ ...model, dynamodb: unlimited }))
  })

  it('starts a receiver for each callback that finds none free', () => {
    const at = (times: readonly number[]) => ({ ...model, arrivals: times.map((time) => ({ at: time, person: 'a' })) })
    expect(playStorm(at([0, 0, 0])).receiverConcurrency).toBe(3)
    expect(playStorm(at([0, 1000, 2000])).receiverConcurrency).toBe(1)
  })

  it('is told in words, and drawn', () => {
    const played = storms(20, 1)
    for (const { name, storm } of played) expect(summary(name, storm)).toContain('240 events')
    const svg = stormPlot('a storm', played)
    expect(svg).toMatch(/^<svg /)
    for (const { name } of played) expect(svg).toContain(name)
  })
})
