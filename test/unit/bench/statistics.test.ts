import { describe, expect, it } from 'vitest'
import { interleave, median, relativeSpread } from '../../../bench/statistics.ts'

describe('median', () => {
  it('returns the mean of the two middle figures of an even sample', () => {
    expect(median([1, 100, 2, 3])).toBe(2.5)
  })

  it('throws for an empty sample', () => {
    expect(() => median([])).toThrow('an empty sample has no median')
  })
})

describe('relativeSpread', () => {
  it('returns half of the range divided by the median', () => {
    expect(relativeSpread([90, 100, 110])).toBeCloseTo(0.1)
  })
})

describe('interleave', () => {
  it('measures each side once a round after a warm-up round, and changes the side that goes first', async () => {
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

  it('skips the warm-up round on request', async () => {
    const { ours, peer } = await interleave(
      2,
      () => 1,
      () => 2,
      { warmUp: false },
    )
    expect({ ours, peer }).toEqual({ ours: [1, 1], peer: [2, 2] })
  })
})
