import { describe, expect, it } from 'vitest'
import { cutToInterval, sumMs, unite } from '../../../../core/meetings/intervals.ts'

type Ends = readonly [from: number, to: number]
const toPeriod = ([from, to]: Ends) => ({ from, to })

describe('cutToInterval', () => {
  it.each<readonly [Ends, Ends | undefined]>([
    [
      [1, 12],
      [5, 9],
    ],
    [
      [6, 8],
      [6, 8],
    ],
    [[1, 5], undefined],
    [[9, 12], undefined],
    [
      [1, 6],
      [5, 6],
    ],
    [[4, 4], undefined],
    [
      [5, 5],
      [5, 5],
    ],
    [
      [9, 9],
      [9, 9],
    ],
    [[10, 10], undefined],
    [
      [7, 3],
      [7, 7],
    ],
    [[11, 3], undefined],
  ])('cuts %j to 5-9: %j', (interval, expected) => {
    expect(cutToInterval(toPeriod(interval), { from: 5, to: 9 })).toEqual(expected && toPeriod(expected))
  })
})

describe('unite', () => {
  it.each<readonly [string, readonly Ends[], readonly Ends[]]>([
    [
      'sorts disjoint intervals',
      [
        [7, 9],
        [1, 3],
      ],
      [
        [1, 3],
        [7, 9],
      ],
    ],
    [
      'joins overlapping ones',
      [
        [1, 5],
        [3, 8],
        [7, 9],
      ],
      [[1, 9]],
    ],
    [
      'joins those that touch',
      [
        [5, 9],
        [1, 5],
      ],
      [[1, 9]],
    ],
    [
      'joins one inside of another',
      [
        [1, 9],
        [3, 5],
      ],
      [[1, 9]],
    ],
    [
      'compares with the last one',
      [
        [1, 2],
        [4, 8],
        [6, 9],
      ],
      [
        [1, 2],
        [4, 9],
      ],
    ],
  ])('%s', (_, intervals, expected) => {
    expect(unite(intervals.map(toPeriod))).toEqual(expected.map(toPeriod))
  })
})

describe('sumMs', () => {
  it('adds up lengths, and counts none for an end before the start', () => {
    expect(sumMs([toPeriod([1, 4]), toPeriod([9, 5]), toPeriod([10, 12])])).toBe(5)
  })
})
