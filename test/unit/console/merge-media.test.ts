import { describe, expect, it } from 'vitest'
import type { ApiTimeline } from '../../../console/api-types.ts'
import { lacksMedia, mergeMedia } from '../../../console/timeline/merge-media.ts'

const at = (second: number) => new Date(second * 1000).toISOString()

const timelineOf = (
  [from, to, knownUntil]: readonly [number, number, number | null],
  streams: readonly (readonly [from: number, to: number | null])[],
  reconnects: readonly number[] = [],
): ApiTimeline => ({
  room_id: 'r',
  from: at(from),
  to: at(to),
  people: [
    {
      user_id: 'u',
      user_name: null,
      sessions: [],
      streams: streams.map(([start, end]) => ({
        stream_type: 'audio',
        from: at(start),
        to: end === null ? null : at(end),
      })),
      reconnected_at: reconnects.map(at),
    },
  ],
  media_known_until: knownUntil === null ? null : at(knownUntil),
})

const whole = timelineOf(
  [0, 1000, 400],
  [
    [10, 20],
    [390, null],
  ],
  [15],
)

describe('mergeMedia', () => {
  it('adds the streams and reconnects of a part, and ends each where it is no longer known', () => {
    const streams = [[650, 710] as const, [850, null] as const]
    const part = timelineOf([700, 900, null], streams, [800, 15])
    const [person] = mergeMedia(whole, part).people
    expect(person?.streams.map(({ from, to }) => [from, to])).toEqual([
      [at(10), at(20)],
      [at(390), at(400)],
      [at(650), at(710)],
      [at(850), at(900)],
    ])
    expect(person?.reconnected_at).toEqual([at(15), at(800)])
  })

  it('changes nothing if everything is known, or nothing was read', () => {
    const known = timelineOf([0, 1000, null], [[1, null]])
    expect(mergeMedia(known, whole)).toBe(known)
    expect(mergeMedia(whole, undefined)).toBe(whole)
  })
})

describe('lacksMedia', () => {
  it('is true for views that end after what is known', () => {
    expect(lacksMedia(whole, 400_000)).toBe(false)
    expect(lacksMedia(whole, 400_001)).toBe(true)
    expect(lacksMedia(timelineOf([0, 1000, null], []), 1_000_000)).toBe(false)
  })
})
