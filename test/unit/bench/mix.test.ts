import { describe, expect, it } from 'vitest'
import { meetings, realisticMix } from '../../../bench/mix.ts'

describe('a one-hour meeting of 30 people, five of them interleaved', () => {
  const events = meetings(realisticMix)
  const count = (name: string) => events.filter(({ event }) => event === name).length
  const originals = new Set(events.map(({ trace_id }) => trace_id)).size

  it('comes in order of receipt, 2 % of it twice', () => {
    expect(events.map(({ received_at }) => received_at)).toEqual(
      events.map(({ received_at }) => received_at).sort((a, b) => a - b),
    )
    expect(events.length / originals - 1).toBeCloseTo(0.02, 2)
  })

  it('has people who join, publish two streams, subscribe to nine others, come back after a crash and leave', () => {
    expect(count('join')).toBeGreaterThan(5 * 30 * 1.05)
    expect(count('join')).toBeLessThan(5 * 30 * 1.2)
    expect(count('publish') / count('join')).toBeCloseTo(2, 0)
    expect(count('sub') / count('join')).toBeCloseTo(9, 0)
    for (const name of ['open', 'start_record', 'stop_record', 'record_transcoding_completion', 'close'])
      expect(count(name)).toBeGreaterThanOrEqual(5)
  })

  it('is the same in every run', () => {
    expect(meetings(realisticMix)).toEqual(events)
  })
})
