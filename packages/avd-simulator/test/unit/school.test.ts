import { describe, expect, it } from 'vitest'
import { generateSchool } from '../../src/index.ts'

const dayMs = 86_400_000
/** A Friday evening in China. */
const endAt = Date.UTC(2026, 10, 27, 12, 30)
const small = { endAt, days: 9, classes: 2, pupilsPerClass: 14, teachers: 4, lessonsPerDay: 1, openRooms: 14 }

describe('generateSchool', () => {
  it('yields the same school for the same options, and other trace ids for another end', () => {
    const school = generateSchool(small)
    expect(generateSchool(small)).toEqual(school)
    const traceIds = (events: typeof school.events) => events.map(({ parameters }) => parameters.trace_id)
    const later = new Set(traceIds(generateSchool({ ...small, endAt: endAt + dayMs }).events))
    expect(traceIds(school.events).filter((traceId) => later.has(traceId))).toEqual([])
  })

  it('has by default 200 people, 59 open rooms, a permanent room with 30 lessons, and more than a hundred closed rooms', () => {
    const school = generateSchool({ endAt })
    expect(school.users).toHaveLength(200)
    expect(new Set(school.users.map(({ user_id }) => user_id)).size).toBe(200)
    expect(school.openings.filter(({ to }) => to === null)).toHaveLength(59)
    expect(school.openings.filter(({ to }) => to !== null).length).toBeGreaterThan(100)
    const visits = school.visits.filter(({ room_id }) => room_id === school.permanentRoomId)
    const starts = visits.map(({ from }) => from).sort((one, other) => one - other)
    const pauses = starts.filter((start, index) => index === 0 || start - (starts[index - 1] ?? 0) > 40 * 60_000)
    expect(pauses).toHaveLength(30)
  })

  it.each([0, 6, 12, 18])('sends its events in order and before the end, %i hours later', (hours) => {
    const { events, startAt, ...school } = generateSchool({ ...small, endAt: endAt + hours * 3_600_000 })
    const times = events.map(({ receivedAt }) => receivedAt)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(times.every((at) => Number.isInteger(at) && at >= startAt && at <= school.endAt)).toBe(true)
    const ends = [...school.visits, ...school.openings].flatMap(({ shownUntil }) => shownUntil ?? [])
    expect(Math.max(...ends)).toBeLessThanOrEqual(school.endAt)
  })

  it('never has a user twice in a room at the same time', () => {
    const { visits } = generateSchool(small)
    for (const own of Map.groupBy(visits, ({ room_id, user_id }) => `${room_id}\n${user_id}`).values()) {
      const sorted = own.toSorted((one, other) => one.from - other.from)
      for (const [index, { from }] of sorted.entries()) expect(from).toBeGreaterThan(sorted[index - 1]?.to ?? 0)
    }
  })

  it('has recordings and rooms of every kind in a small school, too', () => {
    const { recordings, openings, visits } = generateSchool(small)
    const statuses = new Set(recordings.map(({ status }) => status))
    expect(statuses).toEqual(new Set(['failed', 'ready', 'stopped', 'stuck', 'recording']))
    expect(new Set(openings.map(({ close_reason }) => close_reason))).toEqual(
      new Set(['user', 'auto', 'reconciled', null]),
    )
    expect(openings.some(({ openingLost }) => openingLost)).toBe(true)
    expect(visits.some(({ leave_reason, estimated }) => leave_reason !== 'reconciled' && estimated)).toBe(true)
  })
})
