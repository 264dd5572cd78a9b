import { describe, expect, it } from 'vitest'
import { pollDelayMs } from '../../../console/state/poll-delay.ts'

const hourMs = 3_600_000

/** Counts how often a page that no one touches asks in this time. @param changesMs between two changes of the data. */
function countPolls(durationMs: number, changesMs = Number.POSITIVE_INFINITY): number {
  let polls = 0
  for (let nowMs = 0, changedAtMs = 0; nowMs < durationMs; polls++) {
    if (nowMs - changedAtMs >= changesMs) changedAtMs = nowMs
    nowMs += pollDelayMs({ quietMs: nowMs - changedAtMs, unattendedMs: nowMs, responseMs: 50 })
  }
  return polls
}

describe('pollDelayMs', () => {
  it('asks every two seconds while someone uses the page, and every four if no one does', () => {
    const delayMs = (unattendedMs: number) => pollDelayMs({ quietMs: 0, unattendedMs, responseMs: 50 })
    expect([0, 299_999, 300_000, 10 * hourMs].map(delayMs)).toEqual([2000, 2000, 4000, 4000])
  })

  it('asks more slowly the longer nothing changes', () => {
    const delayMs = (quietMs: number) => pollDelayMs({ quietMs, unattendedMs: quietMs, responseMs: 50 })
    expect([59_999, 60_000, 600_000, hourMs].map(delayMs)).toEqual([2000, 5000, 15_000, 30_000])
  })

  it('waits at least twice as long as the last response took', () => {
    expect(pollDelayMs({ quietMs: 0, unattendedMs: 0, responseMs: 4000 })).toBe(8000)
  })

  // docs/costs.md, heading "What looking costs", states these numbers.
  it('asks 87,000 times a month if nothing changes, and 232,000 times if something does in working hours', () => {
    expect(countPolls(30 * 24 * hourMs) / 1000).toBeCloseTo(87, -0.5)
    const workingDay = countPolls(8 * hourMs, 30_000) + countPolls(16 * hourMs)
    expect((22 * workingDay + 8 * countPolls(24 * hourMs)) / 1000).toBeCloseTo(232, -0.5)
  })

  it.each([
    ['health', 303, 3, 0],
    ['a room', 303, 1, 4],
    ['a meeting', 476, 5, 0],
    ['recordings', 130, 1, 0],
    ['usage', 86, 0, 1],
  ])('makes %s cost %i,000 requests a month if nothing happens', (_page, thousands, ofLook, ofMinute) => {
    const minutes = 30 * 24 * 60
    // The statistics for the header are read once a minute.
    const requests = countPolls(30 * 24 * hourMs) * ofLook + minutes * (1 + ofMinute)
    expect(Math.round(requests / 1000)).toBe(thousands)
  })
})
