import { describe, expect, it } from 'vitest'
import { missedTargets, type Row, resultOf, tableOf } from '../../../bench/row.ts'
import { interleave, median, spread } from '../../../bench/statistics.ts'

const row = (fields: Partial<Row> = {}): Row => ({
  name: 'warm-verify',
  unit: 'µs CPU',
  ours: [4, 6, 5],
  peer: [20, 19, 21],
  targets: { ratio: 0.5 },
  counted: false,
  ...fields,
})

describe('a row of the benchmark', () => {
  it('is the medians, their ratio, and how many figures each is of', () => {
    expect(resultOf(row())).toEqual({ name: 'warm-verify', unit: 'µs CPU', ours: 5, peer: 20, ratio: 0.25, n: 3 })
  })

  it('has no peer and no ratio where there is nothing to compare with', () => {
    expect(resultOf(row({ peer: null }))).toMatchObject({ ours: 5, peer: null, ratio: null })
  })

  it('misses a ratio that is above its target, or that is not there', () => {
    expect(missedTargets(row())).toEqual([])
    expect(missedTargets(row({ targets: { ratio: 0.25 } }))).toEqual([])
    expect(missedTargets(row({ targets: { ratio: 0.24 } }))).toEqual(['ratio 0.25 is above 0.24'])
    expect(missedTargets(row({ peer: null }))).toHaveLength(1)
  })

  it('misses a figure of ours that is above its target', () => {
    expect(missedTargets(row({ targets: { ours: 5 } }))).toEqual([])
    expect(missedTargets(row({ targets: { ours: 4.9 } }))).toEqual(['5 µs CPU is above 4.9'])
  })

  it('says nothing of a target where there is none', () => {
    expect(tableOf([row({ targets: {} })])).not.toMatch(/reached|MISSED/)
  })

  it('stands on the screen with its spread, its target, and whether that is reached', () => {
    const table = tableOf([row(), row({ name: 'sweep-seconds', unit: 's', peer: null, targets: { ours: 4 } })])
    const [head = '', first = '', second = ''] = table.split('\n')
    expect(head).toMatch(/^row +ours +peer +ratio +target/)
    expect(first).toMatch(/^warm-verify +5 ±20 % +20 ±5 % +0\.25 +ratio ≤ 0\.5 +µs CPU +3 +reached$/)
    expect(second).toMatch(/^sweep-seconds +5 ±20 % +– +– +≤ 4 +s +3 +MISSED$/)
  })
})

describe('medians and spread', () => {
  it('of an even number of figures are taken in the middle', () => {
    expect(median([1, 100, 2, 3])).toBe(2.5)
    expect(spread([90, 100, 110])).toBeCloseTo(0.1)
  })

  it('of nothing are none', () => {
    expect(() => median([])).toThrow('nothing')
  })
})

describe('measuring two things in turns', () => {
  it('takes as many figures of each, after a round that only warms up, and lets each go first by turns', async () => {
    const calls: string[] = []
    let count = 0
    const measure = (side: string) => () => {
      calls.push(side)
      return count++
    }
    const { ours, peer } = await interleave(3, measure('ours'), measure('peer'))
    expect(calls.join(' ')).toBe('ours peer peer ours ours peer peer ours')
    expect({ ours, peer }).toEqual({ ours: [3, 4, 7], peer: [2, 5, 6] })
  })

  it('does without the first round where it is told so', async () => {
    const { ours, peer } = await interleave(
      2,
      () => 1,
      () => 2,
      { warmUp: false },
    )
    expect({ ours, peer }).toEqual({ ours: [1, 1], peer: [2, 2] })
  })
})
