import { describe, expect, it } from 'vitest'
import { MetricStore } from '../../../src/monitoring/metric-store.ts'
import { isStatistic } from '../../../src/monitoring/statistics.ts'

const metric = { namespace: 'N', name: 'm', dimensions: { b: '2', a: '1' } }
const minuteMs = 60_000

function createStore(maxPeriodsAgo = 3) {
  const store = new MetricStore()
  store.track({ ...metric, statistic: 'Sum', periodSeconds: 60 }, maxPeriodsAgo)
  const read = (statistic: string, atMs = 0, periodsAgo = 0) =>
    store.read({ ...metric, statistic, periodSeconds: 60 }, atMs, periodsAgo)
  return { store, read }
}

describe('MetricStore', () => {
  it.each([
    ['Sum', 60],
    ['Average', 15],
    ['Minimum', 3],
    ['Maximum', 30],
    ['SampleCount', 4],
    ['p50', 7],
    ['p75', 20],
    ['p99', 30],
  ])('computes the statistic %s of a period', (statistic, value) => {
    const { store, read } = createStore()
    for (const sample of [20, 3, 30, 7]) store.put(metric, sample, 1000)
    expect(isStatistic(statistic)).toBe(true)
    expect(read(statistic)).toBe(value)
  })

  it('distinguishes metrics by their dimensions in any order', () => {
    const { store, read } = createStore()
    store.put({ ...metric, dimensions: { a: '1', b: '2' } }, 5, 0)
    store.put({ ...metric, dimensions: { a: '1' } }, 7, 0)
    expect(read('Sum')).toBe(5)
  })

  it('aligns periods with the clock and drops those older than the tracked ones', () => {
    const { store, read } = createStore(2)
    for (const atMs of [0, 59_999, minuteMs, 2 * minuteMs, 3 * minuteMs]) store.put(metric, 1, atMs)
    expect([0, 1, 2, 3].map((periodsAgo) => read('Sum', 3 * minuteMs, periodsAgo))).toEqual([1, 1, 1, undefined])
  })

  it('does not store metrics that are not tracked', () => {
    const { store } = createStore()
    expect(store.isTracked(metric)).toBe(true)
    expect(store.isTracked({ ...metric, name: 'other' })).toBe(false)
    store.put({ ...metric, name: 'other' }, 1, 0)
    expect(store.read({ ...metric, name: 'other', statistic: 'Sum', periodSeconds: 60 }, 0)).toBeUndefined()
  })
})

describe('isStatistic', () => {
  it.each(['sum', 'p', 'p101', 'tm99', ''])('rejects %j', (statistic) => {
    expect(isStatistic(statistic)).toBe(false)
  })
})
