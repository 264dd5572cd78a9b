import { describe, expect, it } from 'vitest'
import { PartitionThrottle } from '../../../src/metering/partition-throttle.ts'

describe('PartitionThrottle', () => {
  it('admits the writes of one second at once, then at the given rate', () => {
    const throttle = new PartitionThrottle(2)
    const admit = (nowMs: number) => throttle.admit(['a'], nowMs)
    expect([admit(0), admit(0), admit(0)]).toEqual([true, true, false])
    expect(admit(499)).toBe(false)
    expect(admit(501)).toBe(true)
    expect([admit(60_000), admit(60_000), admit(60_000)]).toEqual([true, true, false])
  })

  it('takes no token from other partitions if one partition throttles the write', () => {
    const throttle = new PartitionThrottle(1)
    expect(throttle.admit(['a'], 0)).toBe(true)
    expect(throttle.admit(['a', 'b'], 0)).toBe(false)
    expect(throttle.admit(['b'], 0)).toBe(true)
  })
})
