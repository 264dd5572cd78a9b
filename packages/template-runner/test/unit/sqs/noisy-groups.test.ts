import { describe, expect, it } from 'vitest'
import { type GroupLoad, NoisyGroups } from '../../../src/sqs/noisy-groups.ts'

/** A load in which messages of every group are waiting that were sent at `sentAtMs`. */
function loadOf(inFlight: Readonly<Record<string, number>>, totalInFlight: number, sentAtMs = 0): GroupLoad {
  return { inFlight: new Map(Object.entries(inFlight)), totalInFlight, latestWaitingSentAtMs: () => sentAtMs }
}

const withoutWaiting = (load: GroupLoad): GroupLoad => ({ ...load, latestWaitingSentAtMs: () => undefined })

describe('NoisyGroups', () => {
  it.each([
    { count: 30, total: 299, noisy: ['a'] },
    { count: 30, total: 300, noisy: [] },
    { count: 29, total: 29, noisy: [] },
  ])('detects $noisy if a group has $count of $total messages in flight', ({ count, total, noisy }) => {
    const groups = new NoisyGroups(0)
    expect([...groups.detect(loadOf({ a: count, b: 1 }, total), 0)]).toEqual(noisy)
  })

  it('detects a group that has more than a tenth of the recent processing time with few messages', () => {
    const groups = new NoisyGroups(0)
    const load = loadOf({ slow: 3, other: 2 }, 25)
    groups.account(load, 0)
    groups.account(load, 1000)
    expect([...groups.detect(load, 1000)]).toEqual(['slow'])
  })

  it('forgets the processing time of minutes ago', () => {
    const groups = new NoisyGroups(0)
    groups.account(loadOf({}, 0), 0)
    groups.account(loadOf({ a: 20 }, 20), 10_000)
    groups.account(loadOf({}, 2), 310_000)
    expect([...groups.detect(loadOf({}, 2, 310_000), 310_000)]).toEqual([])
  })

  it('counts a group as noisy only after the detection delay', () => {
    const groups = new NoisyGroups(200_000)
    const load = loadOf({ a: 30 }, 30)
    expect([...groups.detect(load, 0)]).toEqual([])
    expect([...groups.detect(load, 199_999)]).toEqual([])
    expect([...groups.detect(loadOf({ a: 1 }, 30), 200_000)]).toEqual(['a'])
  })

  it('counts a group as quiet again as soon as none of its messages is waiting', () => {
    const groups = new NoisyGroups(1000)
    const load = loadOf({ a: 30 }, 30)
    groups.detect(load, 0)
    expect([...groups.detect(load, 1000)]).toEqual(['a'])
    expect([...groups.detect(withoutWaiting(load), 1001)]).toEqual([])
    // The delay starts again.
    expect([...groups.detect(load, 1002)]).toEqual([])
  })

  it('counts a group as quiet again after five minutes without a new message', () => {
    const groups = new NoisyGroups(0)
    expect([...groups.detect(loadOf({ a: 30 }, 30), 299_999)]).toEqual(['a'])
    expect([...groups.detect(loadOf({ a: 30 }, 30), 300_000)]).toEqual([])
  })
})
