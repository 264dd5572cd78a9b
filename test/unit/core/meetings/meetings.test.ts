import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Meeting, measureMeeting, splitOpening } from '../../../../core/meetings/meetings.ts'
import type { Opening } from '../../../../core/meetings/openings.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { streamOf } from '../../../../core/state/aggregate.ts'
import { fold } from '../../../../core/state/fold.ts'
import type { Occupancy } from '../../../../core/state/occupancy.ts'
import { OccupancyIndex } from '../../../../core/state/occupancy-index.ts'
import { rules } from '../../../support/apply.ts'
import { anyDeliveries, event } from '../../../support/events.ts'
import { anyHistory } from '../../../support/participant-histories.ts'
import { anyRoomDeliveries } from '../../../support/room-histories.ts'
import { occupanciesOf, openingsOf } from '../../../support/room-openings.ts'

const minute = 60_000
const hour = 60 * minute

const anyEvents = fc.oneof(
  { weight: 3, arbitrary: anyRoomDeliveries },
  { weight: 1, arbitrary: anyHistory },
  { weight: 2, arbitrary: anyDeliveries },
)
const rooms = ['R', 'R1']

/** The opening that the state of the room shows; undefined if it shows none. */
function shownOpening(events: readonly NorthboundEvent[], room_id: string): Opening | undefined {
  const state = fold(events, rules).get(streamOf({ kind: 'room', room_id }))
  if (state?.kind !== 'room' || state.opened_at === null) return undefined
  const { opened_at, closed_at, close_reason, opening_estimated, closing_estimated } = state
  return { opened_at, closed_at, close_reason, opening_estimated, closing_estimated }
}

/** Counts people between any two moments at which something begins or ends. */
function countByMoments({ opened_at, closed_at }: Opening, occupancies: readonly Occupancy[], now: number) {
  const end = closed_at ?? now
  const sessions = occupancies.map(({ joined_at, left_at }) => [joined_at, left_at ?? now] as const)
  const moments = [...new Set([opened_at, end, ...sessions.flat()])].sort((a, b) => a - b)
  let personMs = 0
  let peak = 0
  for (const [index, from] of moments.entries()) {
    const to = moments[index + 1] ?? from
    if (from < opened_at || to > end || from === to) continue
    const count = sessions.filter(([joined, left]) => joined <= from && left >= to).length
    personMs += count * (to - from)
    peak = Math.max(peak, count)
  }
  return { personMs, peak }
}

describe('listOpenings', () => {
  it('ends with the opening that the state of the room shows', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const room of rooms) expect(openingsOf(events, room).at(-1)).toEqual(shownOpening(events, room))
      }),
      { numRuns: 400 },
    )
  })

  it('lists openings that do not overlap, in order, of which only the last can last', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const room of rooms) {
          const openings = openingsOf(events, room)
          for (const [index, { opened_at, closed_at }] of openings.entries()) {
            const next = openings[index + 1]
            if (next === undefined) continue
            expect(closed_at).not.toBeNull()
            expect(closed_at).toBeGreaterThanOrEqual(opened_at)
            expect(closed_at).toBeLessThanOrEqual(next.opened_at)
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('keeps a closing that was reported, whatever comes later', () => {
    fc.assert(
      fc.property(anyRoomDeliveries, fc.nat({ max: 60 }), (events, minutes) => {
        const before = events.filter(({ received_at }) => received_at < minutes * minute)
        const shown = shownOpening(before, 'R')
        fc.pre(shown?.closed_at != null && !shown.closing_estimated && !shown.opening_estimated)
        expect(openingsOf(events, 'R')).toContainEqual(expect.objectContaining({ closed_at: shown.closed_at }))
      }),
      { numRuns: 30 },
    )
  })
})

describe('measureMeeting', () => {
  it('counts the same people and time as a count at every moment', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const now = 3 * hour
        for (const room of rooms) {
          const occupancies = occupanciesOf(events, room)
          const index = new OccupancyIndex(occupancies)
          for (const opening of openingsOf(events, room)) {
            const { personMs, peak, people } = measureMeeting(opening, index, now)
            const expected = countByMoments(opening, occupancies, now)
            expect(personMs).toBe(expected.personMs)
            // Someone who left in the millisecond of the join was there.
            if (expected.peak > 0) expect(peak).toBe(expected.peak)
            expect(people).toBeGreaterThanOrEqual(peak)
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})

const day = 24 * hour
/** A join and a leave of a user in room P. */
const attend = (user_id: string, from: number, to: number) => [
  event('join', { room_id: 'P', user_id }, { at: from }),
  event('leave', { room_id: 'P', user_id, event_type: 'normal' }, { at: to }),
]
const partsOf = (events: readonly NorthboundEvent[], now: number) =>
  openingsOf(events, 'P').flatMap((opening) =>
    splitOpening(opening, new OccupancyIndex(occupanciesOf(events, 'P')), now),
  )

describe('measureMeeting at the edges', () => {
  const opening = openingsOf([event('open', { room_id: 'P' }, { at: 0 })], 'P')[0]
  const measure = (occupancies: readonly Occupancy[]) =>
    opening && measureMeeting(opening, new OccupancyIndex(occupancies), hour)

  it('does not count someone who leaves and someone who comes in the same millisecond together', () => {
    const turns = [
      { user_id: 'A', joined_at: 1, left_at: 10 },
      { user_id: 'B', joined_at: 10, left_at: 20 },
    ]
    for (const order of [turns, turns.toReversed()])
      expect(measure(order)).toMatchObject({ people: 2, peak: 1, personMs: 19 })
  })

  it('counts someone who left when or before they joined as one person without time', () => {
    expect(measure([{ user_id: 'A', joined_at: 5, left_at: 5 }])).toMatchObject({ people: 1, peak: 1, personMs: 0 })
    expect(measure([{ user_id: 'A', joined_at: 5, left_at: 4 }])).toMatchObject({ people: 1, peak: 1, personMs: 0 })
  })

  it('counts two sessions of one person as one of the people', () => {
    const sessions = [
      { user_id: 'A', joined_at: 1, left_at: 10 },
      { user_id: 'A', joined_at: 20, left_at: null },
    ]
    expect(measure(sessions)).toMatchObject({ people: 1, peak: 1, personMs: 9 + hour - 20 })
  })

  it('has no one in an empty room', () => {
    expect(measure([])).toMatchObject({ people: 0, peak: 0, personMs: 0 })
  })
})

describe('splitOpening', () => {
  it('finds each lesson in a room that was opened once and never closed', () => {
    const lessons = Array.from({ length: 30 }, (_, index) => (index + 1) * day)
    const events = lessons.flatMap((at) => [
      ...attend('A', at, at + hour),
      ...attend('B', at + minute, at + 50 * minute),
    ])
    const parts = partsOf([event('open', { room_id: 'P' }, { at: 1 }), ...events], 40 * day)
    expect(parts).toEqual(
      lessons.map((at) => ({
        opened_at: at,
        opening_estimated: true,
        closed_at: at + hour,
        close_reason: 'auto',
        closing_estimated: true,
      })),
    )
  })

  it('finds the same lessons without any open', () => {
    const lessons = Array.from({ length: 3 }, (_, index) => (index + 1) * day)
    const events = lessons.flatMap((at) => attend('A', at, at + hour))
    const shown = partsOf(events, 40 * day).map(({ opened_at, closed_at }) => [opened_at, closed_at])
    expect(shown).toEqual(lessons.map((at) => [at, at + hour]))
  })

  it.each([
    ['without anybody', []],
    ['with a break of 30 minutes', [...attend('A', hour, 2 * hour), ...attend('B', 2.5 * hour, 3 * hour)]],
    [
      'that began long before the first person came and ended long after the last left',
      attend('A', 3 * hour, 4 * hour),
    ],
  ])('leaves a closed opening whole %s', (_, events) => {
    const open = event('open', { room_id: 'P' }, { at: minute })
    const close = event('close', { room_id: 'P', event_type: 'user' }, { at: 9 * hour })
    const parts = partsOf([open, ...events, close], 10 * day)
    expect(parts).toMatchObject([{ opened_at: minute, closed_at: 9 * hour, close_reason: 'user' }])
    expect(parts[0]).toMatchObject({ opening_estimated: false, closing_estimated: false })
  })

  it('starts the first meeting with the open and ends the last one with the close if people are near', () => {
    const open = event('open', { room_id: 'P' }, { at: minute })
    const close = event('close', { room_id: 'P', event_type: 'user' }, { at: 5 * hour })
    const events = [...attend('A', 10 * minute, hour), ...attend('A', 4 * hour, 5 * hour - minute)]
    expect(partsOf([open, ...events, close], 10 * day)).toMatchObject([
      { opened_at: minute, opening_estimated: false, closed_at: hour, closing_estimated: true },
      {
        opened_at: 4 * hour,
        opening_estimated: true,
        closed_at: 5 * hour,
        close_reason: 'user',
        closing_estimated: false,
      },
    ])
  })

  it('ends a meeting 30 minutes after the last person has left an open room, not earlier', () => {
    const events = [event('open', { room_id: 'P' }, { at: minute }), ...attend('A', 10 * minute, hour)]
    expect(partsOf(events, hour + 30 * minute)).toMatchObject([{ opened_at: minute, closed_at: null }])
    expect(partsOf(events, hour + 30 * minute + 1)).toMatchObject([{ opened_at: minute, closed_at: hour }])
  })

  it('ends all meetings but the last if someone came in the future, by a clock that is behind', () => {
    const open = event('open', { room_id: 'P' }, { at: minute })
    const join = event('join', { room_id: 'P', user_id: 'B' }, { at: hour + 30 * minute + 1 })
    const parts = partsOf([open, ...attend('A', 10 * minute, hour), join], hour + 30 * minute)
    expect(parts.map(({ closed_at }) => closed_at)).toEqual([hour, null])
  })

  it('loses no presence, and leaves each meeting within the opening', () => {
    fc.assert(
      fc.property(anyEvents, fc.integer({ min: 180, max: 300 }), (events, minutes) => {
        const now = minutes * minute
        for (const room of rooms) {
          const occupancies = new OccupancyIndex(occupanciesOf(events, room))
          for (const opening of openingsOf(events, room)) {
            const parts = splitOpening(opening, occupancies, now)
            const measure = (part: Opening): Meeting => measureMeeting(part, occupancies, now)
            const sum = parts.reduce((total, part) => total + measure(part).personMs, 0)
            expect(sum).toBe(measure(opening).personMs)
            expect(parts[0]?.opened_at).toBeGreaterThanOrEqual(opening.opened_at)
            for (const [index, { opened_at, closed_at }] of parts.entries()) {
              expect(closed_at ?? now).toBeGreaterThanOrEqual(opened_at)
              if (opening.closed_at !== null) expect(closed_at).toBeLessThanOrEqual(opening.closed_at)
              const next = parts[index + 1]
              if (next !== undefined) expect(next.opened_at - (closed_at ?? now)).toBeGreaterThan(30 * minute)
            }
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})
