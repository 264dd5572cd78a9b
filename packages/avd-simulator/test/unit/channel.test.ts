import { describe, expect, it } from 'vitest'
import { deliverCallbacks, generateTrace } from '../../src/index.ts'

const trace = generateTrace({ meetingsPerDay: 20, sessionsPerDay: 10 })
const sentAt = new Map(trace.callbacks.map((callback) => [callback.parameters.trace_id, callback.sentAt]))
const sent = trace.callbacks.length
const delaysOf = (deliveries: ReturnType<typeof deliverCallbacks>) =>
  deliveries.map(({ receivedAt, parameters }) => receivedAt - (sentAt.get(parameters.trace_id) ?? 0))

describe('deliverCallbacks', () => {
  it('delivers every callback at once by default', () => {
    const deliveries = deliverCallbacks(trace)
    expect(deliveries.map(({ parameters }) => parameters)).toEqual(trace.callbacks.map(({ parameters }) => parameters))
    expect(new Set(delaysOf(deliveries))).toEqual(new Set([0]))
  })

  it('delays callbacks, a share of them by seconds, and delivers them in the order of arrival', () => {
    const deliveries = deliverCallbacks(trace, { meanDelayMs: 50, lateShare: 0.02, maxLateMs: 3_500 })
    expect(deliveries).toHaveLength(sent)
    expect(deliveries).toEqual(deliveries.toSorted((a, b) => a.receivedAt - b.receivedAt))
    const delays = delaysOf(deliveries)
    const late = delays.filter((delay) => delay > 600)
    expect(late.length / sent).toBeGreaterThan(0.01)
    expect(late.length / sent).toBeLessThan(0.025)
    expect(Math.max(...delays)).toBeLessThanOrEqual(3_500)
    const prompt = delays.filter((delay) => delay <= 600)
    expect(prompt.reduce((sum, delay) => sum + delay, 0) / prompt.length).toBeCloseTo(50, -1)
  })

  it('loses and repeats shares of the callbacks', () => {
    const lossy = deliverCallbacks(trace, { lostShare: 0.1 })
    expect(lossy.length / sent).toBeCloseTo(0.9, 1)
    const repeated = deliverCallbacks(trace, { duplicateShare: 0.1 })
    expect(repeated.length / sent).toBeCloseTo(1.1, 1)
    expect(Math.max(...delaysOf(repeated))).toBeGreaterThan(2_000)
  })

  it('loses everything that is sent during an outage', () => {
    const deliveries = deliverCallbacks(trace, { outagesPerDay: 1, minOutageMs: 600_000, maxOutageMs: 600_000 })
    const received = new Set(deliveries.map(({ parameters }) => parameters.trace_id))
    const lost = trace.callbacks.filter(({ parameters }) => !received.has(parameters.trace_id ?? ''))
    const [first, last] = [lost[0]?.sentAt ?? 0, lost.at(-1)?.sentAt ?? 0]
    expect(lost.length).toBeGreaterThan(0)
    expect(last - first).toBeLessThan(600_000)
    expect(trace.callbacks.filter((callback) => callback.sentAt >= first && callback.sentAt <= last)).toEqual(lost)
  })

  it('repeats itself for the same seed only', () => {
    const options = { lostShare: 0.1, seed: 5 }
    expect(deliverCallbacks(trace, options)).toEqual(deliverCallbacks(trace, options))
    expect(deliverCallbacks(trace, options)).not.toEqual(deliverCallbacks(trace, { ...options, seed: 6 }))
  })
})
