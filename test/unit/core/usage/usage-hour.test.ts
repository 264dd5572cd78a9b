import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takeSample } from '../../../../core/usage/take-sample.ts'
import {
  addSample,
  isSampled,
  msPerHour,
  msPerMinute,
  type UsageHour,
  type UsageSample,
} from '../../../../core/usage/usage-hour.ts'

const hour = 500_000
const start = hour * msPerHour
const sampleAt = (minute: number, figures: Partial<UsageSample> = {}): UsageSample => {
  return { at: start + minute * msPerMinute, people: 0, rooms: 0, meetings: 0, ...figures }
}
const addAll = (samples: readonly UsageSample[]) =>
  samples.reduce<UsageHour | undefined>((stored, sample) => addSample(stored, sample), undefined)

describe('addSample', () => {
  it('sums up the samples of each quarter of the hour', () => {
    const stored = addAll([
      sampleAt(0, { people: 3, rooms: 1, meetings: 1 }),
      sampleAt(14, { people: 5, rooms: 2, meetings: 1 }),
      sampleAt(15, { people: 4, rooms: 2 }),
    ])
    expect(stored).toMatchObject({ hour, last_at: start + 15 * msPerMinute })
    const unsampled = { sampled: 0, peak_people: 0, peak_rooms: 0, person_minutes: 0, meetings: 0 }
    expect(stored?.quarters).toEqual([
      { sampled: 0b100_0000_0000_0001, peak_people: 5, peak_rooms: 2, person_minutes: 8, meetings: 2 },
      { sampled: 1, peak_people: 4, peak_rooms: 2, person_minutes: 4, meetings: 0 },
      unsampled,
      unsampled,
    ])
  })

  it('distinguishes a minute without people from one without a sample', () => {
    const stored = addAll([sampleAt(20)])
    expect(stored && isSampled(stored, start + 20 * msPerMinute + 59_999)).toBe(true)
    expect(stored && isSampled(stored, start + 21 * msPerMinute)).toBe(false)
    expect(stored && isSampled(stored, start + 20 * msPerMinute + msPerHour)).toBe(false)
  })

  it('rejects a sample of another hour', () => {
    expect(() => addSample(addAll([sampleAt(0)]), sampleAt(60))).toThrow(
      new RangeError('the sample is of another hour'),
    )
  })

  it('gives the same hour for any order and any repetition of its samples', () => {
    const figures = fc.record({ people: fc.nat(9999), rooms: fc.nat(500), meetings: fc.nat(20) })
    const minutes = fc.uniqueArray(fc.record({ minute: fc.nat(59), figures }), {
      minLength: 1,
      selector: ({ minute }) => minute,
    })
    const deliveries = minutes.chain((entries) => {
      const samples = entries.map((entry) => sampleAt(entry.minute, entry.figures))
      const repeated = fc.array(fc.constantFrom(...samples), { maxLength: 10 })
      return fc.tuple(
        fc.constant(samples),
        repeated.chain((more) => shuffle([...samples, ...more])),
      )
    })
    fc.assert(
      fc.property(deliveries, ([samples, delivered]) => {
        const stored = addAll(delivered)
        expect(stored).toEqual(addAll(samples))
        const sum = stored?.quarters.reduce((total, quarter) => total + quarter.person_minutes, 0)
        expect(sum).toBe(samples.reduce((total, { people }) => total + people, 0))
      }),
    )
  })
})

function shuffle<Item>(items: readonly Item[]) {
  return fc
    .shuffledSubarray([...items.keys()], { minLength: items.length })
    .map((order) => order.flatMap((index) => items[index] ?? []))
}

describe('takeSample', () => {
  const at = start
  const rooms = (...openedAt: (number | null)[]) => ({ rooms: openedAt.map((opened_at) => ({ opened_at })), people: 2 })

  it('counts open rooms and present people', () => {
    expect(takeSample(rooms(1, null), { at })).toEqual({ at, people: 2, rooms: 2, meetings: 0 })
  })

  it('counts each opening in one of two samples, at any time between them', () => {
    const previousAt = at - msPerMinute
    for (const opened of [previousAt, at - 15_001, at - 15_000, at - 1]) {
      const first = takeSample(rooms(opened), { at, previousAt })
      const second = takeSample(rooms(opened), { at: at + msPerMinute, previousAt: at })
      expect(first.meetings + second.meetings, String(opened - at)).toBe(1)
    }
  })

  it('counts rooms that were opened while samples were missing, and none that was open before', () => {
    const previousAt = at - 3 * msPerHour
    expect(takeSample(rooms(previousAt - 60_000, at - 2 * msPerHour, at - 60_000), { at, previousAt }).meetings).toBe(2)
  })
})
