import { describe, expect, it } from 'vitest'
import { generateMeetings, realisticMix } from '../../../bench/mix.ts'

describe('generateMeetings with the realistic mix', () => {
  const events = generateMeetings(realisticMix)
  const count = (name: string) => events.filter(({ event }) => event === name).length
  const distinct = new Set(events.map(({ trace_id }) => trace_id)).size

  it('returns events in order of receipt, 2 % of them twice', () => {
    expect(events.map(({ received_at }) => received_at)).toEqual(
      events.map(({ received_at }) => received_at).sort((a, b) => a - b),
    )
    expect(events.length / distinct - 1).toBeCloseTo(0.02, 2)
  })

  it('generates participants who join, publish two streams, subscribe to nine others, reconnect after a crash and leave', () => {
    expect(count('join')).toBeGreaterThan(5 * 30 * 1.05)
    expect(count('join')).toBeLessThan(5 * 30 * 1.2)
    expect(count('publish') / count('join')).toBeCloseTo(2, 0)
    expect(count('sub') / count('join')).toBeCloseTo(9, 0)
    for (const name of ['open', 'start_record', 'stop_record', 'record_transcoding_completion', 'close'])
      expect(count(name)).toBeGreaterThanOrEqual(5)
  })

  it('returns the same events in every run', () => {
    expect(generateMeetings(realisticMix)).toEqual(events)
  })
})
