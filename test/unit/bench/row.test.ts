import { describe, expect, it } from 'vitest'
import { type BenchRow, formatTable, listMissedTargets, resultOf } from '../../../bench/row.ts'

const createBenchRow = (fields: Partial<BenchRow> = {}): BenchRow => ({
  name: 'warm-verify',
  unit: 'µs CPU',
  ours: [4, 6, 5],
  peer: [20, 19, 21],
  targets: { maxRatio: 0.5 },
  counted: false,
  ...fields,
})

describe('resultOf', () => {
  it('returns the medians, their ratio and the sample size', () => {
    expect(resultOf(createBenchRow())).toEqual({
      name: 'warm-verify',
      unit: 'µs CPU',
      ours: 5,
      peer: 20,
      ratio: 0.25,
      n: 3,
    })
  })

  it('returns null for peer and ratio if there is no peer', () => {
    expect(resultOf(createBenchRow({ peer: null }))).toMatchObject({ ours: 5, peer: null, ratio: null })
  })
})

describe('listMissedTargets', () => {
  it('lists a ratio that is above its target or missing', () => {
    expect(listMissedTargets(createBenchRow())).toEqual([])
    expect(listMissedTargets(createBenchRow({ targets: { maxRatio: 0.25 } }))).toEqual([])
    expect(listMissedTargets(createBenchRow({ targets: { maxRatio: 0.24 } }))).toEqual(['ratio 0.25 is above 0.24'])
    expect(listMissedTargets(createBenchRow({ peer: null }))).toHaveLength(1)
  })

  it('lists our figure if it is above its target', () => {
    expect(listMissedTargets(createBenchRow({ targets: { maxOurs: 5 } }))).toEqual([])
    expect(listMissedTargets(createBenchRow({ targets: { maxOurs: 4.9 } }))).toEqual(['5 µs CPU is above 4.9'])
  })
})

describe('formatTable', () => {
  it('omits the verdict of a row without a target', () => {
    expect(formatTable([createBenchRow({ targets: {} })])).not.toMatch(/reached|MISSED/)
  })

  it('shows spread, target and verdict of each row', () => {
    const sweep = createBenchRow({ name: 'sweep-seconds', unit: 's', peer: null, targets: { maxOurs: 4 } })
    const [head = '', first = '', second = ''] = formatTable([createBenchRow(), sweep]).split('\n')
    expect(head).toMatch(/^row +ours +peer +ratio +target/)
    expect(first).toMatch(/^warm-verify +5 ±20 % +20 ±5 % +0\.25 +ratio ≤ 0\.5 +µs CPU +3 +reached$/)
    expect(second).toMatch(/^sweep-seconds +5 ±20 % +– +– +≤ 4 +s +3 +MISSED$/)
  })
})
