import { describe, expect, it } from 'vitest'
import { isStatistic, MetricStore } from '../../../src/monitoring/metric-store.ts'

const metric = { namespace: 'N', name: 'm', dimensions: { b: '2', a: '1' } }
const minute = 60_000

function store(periods = 3) {
  const all = new MetricStore()
  all.want({ ...metric, statistic: 'Sum', periodSeconds: 60 }, periods)
  const read = (statistic: string, at = 0, before = 0) =>
    all.read({ ...metric, statistic, periodSeconds: 60 }, at, before)
  return { all, read }
}

describe('the figures of a period', () => {
  it.each([
    ['Sum', 60],
    ['Average', 15],
    ['Minimum', 3],
    ['Maximum', 30],
    ['SampleCount', 4],
    ['p50', 7],
    ['p75', 20],
    ['p99', 30],
  ])('have the statistic %s', (statistic, value) => {
    const { all, read } = store()
    for (const sample of [20, 3, 30, 7]) all.put(metric, sample, 1000)
    expect(isStatistic(statistic)).toBe(true)
    expect(read(statistic)).toBe(value)
  })

  it('are told by their dimensions, in any order', () => {
    const { all, read } = store()
    all.put({ ...metric, dimensions: { a: '1', b: '2' } }, 5, 0)
    all.put({ ...metric, dimensions: { a: '1' } }, 7, 0)
    expect(read('Sum')).toBe(5)
  })

  it('begin and end with the clock, and are forgotten when nobody looks back so far', () => {
    const { all, read } = store(2)
    for (const at of [0, 59_999, minute, 2 * minute, 3 * minute]) all.put(metric, 1, at)
    expect([0, 1, 2, 3].map((before) => read('Sum', 3 * minute, before))).toEqual([1, 1, 1, undefined])
  })

  it('are not kept where no alarm asks for them', () => {
    const { all } = store()
    expect(all.wants(metric)).toBe(true)
    expect(all.wants({ ...metric, name: 'other' })).toBe(false)
    all.put({ ...metric, name: 'other' }, 1, 0)
    expect(all.read({ ...metric, name: 'other', statistic: 'Sum', periodSeconds: 60 }, 0)).toBeUndefined()
  })

  it.each(['sum', 'p', 'p101', 'tm99', ''])('have no statistic %j', (statistic) => {
    expect(isStatistic(statistic)).toBe(false)
  })
})
