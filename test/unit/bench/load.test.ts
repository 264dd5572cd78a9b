import { describe, expect, it } from 'vitest'
import { memoryGrowth } from '../../../bench/load/measure-memory.ts'

describe('memoryGrowth', () => {
  it.each<[string, readonly number[], number]>([
    ['memory that stays the same after a larger start', [200, 100, 100, 100], 1],
    ['a leak', [100, 200, 300, 400], 2],
    ['a single peak among many sections', [9, 9, 9, 10, 10, 10, 10, 10, 10, 10, 900, 10], 1],
  ])('compares the last quarter with the second: %s', (_, sections, growth) => {
    expect(memoryGrowth(sections)).toBe(growth)
  })
})
