import { afterEach, describe, expect, it, vi } from 'vitest'
import { readSeldom } from '../../../console/state/read-seldom.ts'

describe('readSeldom', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('reads again only after the interval', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    let reads = 0
    const read = readSeldom(async () => ++reads, 1000)
    expect([await read(), await read()]).toEqual([1, 1])
    vi.advanceTimersByTime(999)
    expect(await read()).toBe(1)
    vi.advanceTimersByTime(1)
    expect(await read()).toBe(2)
  })

  it('reads again after a failure', async () => {
    let reads = 0
    const read = readSeldom(async () => {
      reads += 1
      if (reads === 1) throw new Error('lost')
      return reads
    }, 1000)
    await expect(read()).rejects.toThrow('lost')
    expect(await read()).toBe(2)
  })
})
