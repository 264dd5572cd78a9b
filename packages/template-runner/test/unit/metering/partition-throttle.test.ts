import { describe, expect, it } from 'vitest'
import { PartitionThrottle } from '../../../src/metering/partition-throttle.ts'

const write = (...partitions: readonly string[]) => partitions.map((partition) => ({ partition, units: 1 }))

describe('PartitionThrottle', () => {
  it('admits the units of one second at once, then at the given rate', () => {
    const throttle = new PartitionThrottle(2)
    const admit = (nowMs: number) => throttle.admit(write('a'), nowMs)
    expect([admit(0), admit(0), admit(0)]).toEqual([true, true, false])
    expect(admit(499)).toBe(false)
    expect(admit(501)).toBe(true)
    expect([admit(60_000), admit(60_000), admit(60_000)]).toEqual([true, true, false])
  })

  it('takes as many tokens as a write has units', () => {
    const throttle = new PartitionThrottle(4)
    const admit = (units: number, nowMs: number) => throttle.admit([{ partition: 'a', units }], nowMs)
    expect([admit(3, 0), admit(2, 0), admit(1, 0)]).toEqual([true, false, true])
    expect([admit(2, 499), admit(2, 501)]).toEqual([false, true])
  })

  it('admits a write of more units than a second has if the bucket is full, and lets others wait for the rest', () => {
    const throttle = new PartitionThrottle(2)
    const admit = (units: number, nowMs: number) => throttle.admit([{ partition: 'a', units }], nowMs)
    expect([admit(5, 0), admit(1, 1900), admit(1, 2001)]).toEqual([true, false, true])
    expect([admit(5, 2500), admit(5, 4000)]).toEqual([false, true])
  })

  it('takes no token from other partitions if one partition throttles the write', () => {
    const throttle = new PartitionThrottle(1)
    expect(throttle.admit(write('a'), 0)).toBe(true)
    expect(throttle.admit(write('a', 'b'), 0)).toBe(false)
    expect(throttle.admit(write('b'), 0)).toBe(true)
  })

  it('takes released units again', () => {
    const throttle = new PartitionThrottle(1)
    expect(throttle.admit(write('a', 'b'), 0)).toBe(true)
    throttle.release(write('b'))
    expect([throttle.admit(write('a'), 0), throttle.admit(write('b'), 0)]).toEqual([false, true])
  })
})
