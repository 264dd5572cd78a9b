import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../src/gateway/token-bucket.ts'

describe('TokenBucket', () => {
  it('grants a burst, refills at its rate, and never holds more than a burst', () => {
    let now = 0
    const bucket = new TokenBucket({ rate: 10, burst: 3 }, () => now)
    const takeAll = () => {
      let passed = 0
      while (bucket.take()) passed++
      return passed
    }
    expect(takeAll()).toBe(3)
    now += 99
    expect(takeAll()).toBe(0)
    now += 1
    expect(takeAll()).toBe(1)
    now += 200
    expect(takeAll()).toBe(2)
    now += 3_600_000
    expect(takeAll()).toBe(3)
  })
})
