import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Occupancy, outlasts } from '../../../../core/state/occupancy.ts'
import { OccupancyIndex } from '../../../../core/state/occupancy-index.ts'

const anyTime = fc.integer({ min: 0, max: 30 })
/** Ends may precede starts: a clock can be set back. */
const anyOccupancies = fc.array(
  fc.record({
    user_id: fc.constantFrom('A', 'B', 'C'),
    joined_at: anyTime,
    left_at: fc.oneof(anyTime, fc.constant(null)),
  }),
  { maxLength: 12 },
)
const sortById = (occupancies: readonly Occupancy[]) => occupancies.map((each) => JSON.stringify(each)).sort()

describe('OccupancyIndex', () => {
  it('finds the sessions that began in a range, by their start', () => {
    fc.assert(
      fc.property(anyOccupancies, anyTime, fc.option(anyTime, { nil: undefined }), (occupancies, after, before) => {
        const found = new OccupancyIndex(occupancies).startedIn({ after, before })
        const expected = occupancies.filter(
          ({ joined_at }) => joined_at > after && joined_at < (before ?? Number.POSITIVE_INFINITY),
        )
        expect(sortById(found)).toEqual(sortById(expected))
        expect(found.map(({ joined_at }) => joined_at)).toEqual(
          found.map(({ joined_at }) => joined_at).toSorted((a, b) => a - b),
        )
      }),
    )
  })

  it('finds every session that overlaps or touches an interval', () => {
    fc.assert(
      fc.property(anyOccupancies, anyTime, anyTime, (occupancies, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)]
        const found = sortById(new OccupancyIndex(occupancies).mayOverlap(from, to))
        const touching = occupancies.filter(({ joined_at, left_at }) => joined_at <= to && (left_at ?? to) >= from)
        expect(found).toEqual(expect.arrayContaining(sortById(touching)))
      }),
    )
  })

  it('knows whether a session goes on after a close', () => {
    fc.assert(
      fc.property(anyOccupancies, anyTime, (occupancies, closedAt) => {
        const expected = occupancies.some((occupancy) => outlasts(occupancy, closedAt))
        expect(new OccupancyIndex(occupancies).hasOutlasting(closedAt)).toBe(expected)
      }),
    )
  })

  it('returns only the sessions of one day in a year, unless someone stays for long', () => {
    const days = Array.from({ length: 365 }, (_, day) => ({ user_id: 'A', joined_at: day * 24, left_at: day * 24 + 1 }))
    expect(new OccupancyIndex(days).mayOverlap(240, 241)).toEqual([{ user_id: 'A', joined_at: 240, left_at: 241 }])
  })
})
