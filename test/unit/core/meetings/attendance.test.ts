import { generateTrace, type TraceOptions } from '@northbound/avd-simulator'
import { describe, expect, it } from 'vitest'
import { compareAttendance, summarizeAttendance } from '../../../../core/meetings/attendance.ts'
import { measureMeeting, splitOpening } from '../../../../core/meetings/meetings.ts'
import { allTime } from '../../../../core/ports/period.ts'
import type { SessionRow } from '../../../../core/ports/session-reader.ts'
import { parseEvent } from '../../../../core/protocol/events.ts'
import { OccupancyIndex } from '../../../../core/state/occupancy-index.ts'
import { event } from '../../../support/events.ts'
import { occupanciesOf, openingsOf, sessionRowsOf } from '../../../support/room-openings.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

const join = (user_id: string, at: number, params = {}) => event('join', { user_id, ...params }, { at })
const leave = (user_id: string, at: number) => event('leave', { user_id, event_type: 'normal' }, { at })

describe('summarizeAttendance', () => {
  const lesson = sessionRowsOf(
    [
      join('A', 5 * minute, { user_name: 'Ann', endpoint_type: 'web' }),
      leave('A', 20 * minute),
      join('A', 30 * minute, { endpoint_type: 'ios' }),
      join('A', 40 * minute, { user_name: 'Ann B', endpoint_type: 'ios' }),
      leave('A', 55 * minute),
      join('B', 1 * minute),
      event('publish', { user_id: 'C', stream_id: 'S', stream_type: 'audio' }, { at: 50 * minute }),
    ],
    'R',
  )
  const now = 2 * hour

  it('has one row a person, sorted by the first join, with the union of the sessions', () => {
    expect(summarizeAttendance(lesson, allTime, now)).toEqual([
      {
        user_id: 'B',
        user_name: null,
        first_joined_at: 1 * minute,
        last_left_at: null,
        presentMs: 119 * minute,
        sessions: 1,
        reconnects: 0,
        endpoint_types: [],
        estimated: false,
      },
      {
        user_id: 'A',
        user_name: 'Ann B',
        first_joined_at: 5 * minute,
        last_left_at: 55 * minute,
        presentMs: 40 * minute,
        sessions: 2,
        reconnects: 1,
        endpoint_types: ['web', 'ios'],
        estimated: false,
      },
      expect.objectContaining({ user_id: 'C', first_joined_at: 50 * minute, estimated: true }),
    ])
  })

  it('cuts the time to the interval, and keeps the times of the sessions', () => {
    const [b, a, ...others] = summarizeAttendance(lesson, { from: 10 * minute, to: 50 * minute }, now)
    expect(b).toMatchObject({ user_id: 'B', first_joined_at: minute, last_left_at: null, presentMs: 40 * minute })
    expect(a).toMatchObject({ user_id: 'A', first_joined_at: 5 * minute, last_left_at: 55 * minute })
    expect(a?.presentMs).toBe((10 + 20) * minute)
    expect(others).toEqual([])
  })

  it('counts only the sessions of the interval', () => {
    const interval = { from: 20 * minute, to: 30 * minute }
    expect(summarizeAttendance(lesson, interval, now).map(({ user_id }) => user_id)).toEqual(['B'])
  })

  it('counts someone who is present until now if the interval ends later', () => {
    const [b] = summarizeAttendance(lesson, { from: 0, to: 3 * hour }, hour)
    expect(b?.presentMs).toBe(59 * minute)
  })
})

/** A session of U. */
function rowOf(
  joined_at: number,
  left_at: number | null,
  { user_name = 'Ann' as string | null, estimated = false } = {},
): SessionRow {
  const end = left_at === null ? null : { at: left_at, reason: 'normal', estimated }
  const session = { joined_at, start_estimated: false, endpoint_type: null, reconnects: 0, end }
  return { room_id: 'R', user_id: 'U', user_name, session }
}

describe('summarizeAttendance of one person', () => {
  it('depends neither on the order of the sessions nor on a missing name in the latest', () => {
    const rows = [rowOf(20, 30, { user_name: null }), rowOf(10, 15, { user_name: 'Bo' }), rowOf(1, 5)]
    for (const each of [rows, rows.toReversed()])
      expect(summarizeAttendance(each, allTime, 99)).toMatchObject([
        { user_name: 'Bo', first_joined_at: 1, last_left_at: 30, presentMs: 19, sessions: 3, estimated: false },
      ])
  })

  it('counts as present after any session without an end', () => {
    expect(summarizeAttendance([rowOf(1, null), rowOf(5, 9)], allTime, 99)).toMatchObject([{ last_left_at: null }])
    expect(summarizeAttendance([rowOf(1, 4), rowOf(5, null)], allTime, 99)).toMatchObject([{ last_left_at: null }])
    expect(summarizeAttendance([rowOf(1, 9), rowOf(5, 7)], allTime, 99)).toMatchObject([{ last_left_at: 9 }])
  })

  it('is estimated if any end is', () => {
    expect(summarizeAttendance([rowOf(1, 4, { estimated: true }), rowOf(5, 9)], allTime, 99)).toMatchObject([
      { estimated: true },
    ])
  })

  it('counts a session without length at the start of the interval, but not at its end', () => {
    expect(summarizeAttendance([rowOf(5, 5)], { from: 5, to: 9 }, 99)).toHaveLength(1)
    expect(summarizeAttendance([rowOf(5, 5)], { from: 1, to: 5 }, 99)).toEqual([])
  })
})

describe('compareAttendance', () => {
  it('compares by the first join, then by user id', () => {
    const places = [
      [1, 'B'],
      [2, 'A'],
      [2, 'B'],
    ] as const
    const sorted = places.map(([first_joined_at, user_id]) => ({ first_joined_at, user_id }))
    expect(sorted.toReversed().sort(compareAttendance)).toEqual(sorted)
    expect(sorted.toSorted(compareAttendance)).toEqual(sorted)
    expect(compareAttendance({ first_joined_at: 1, user_id: 'A' }, { first_joined_at: 1, user_id: 'A' })).toBe(0)
  })
})

/** Nothing happens but joins, leaves and closes. */
const quiet: Partial<TraceOptions> = {
  meetingsPerDay: 25,
  sessionsPerDay: 25,
  crashesPerDay: 0,
  secondDeviceShare: 0,
  reconnectShare: 0,
  reloadShare: 0,
  killedShare: 0,
  serverKickShare: 0,
}

describe('the attendance of a simulated day', () => {
  const { callbacks, truth, endAt } = generateTrace({ ...quiet, days: 2, seed: 7 })
  const events = callbacks.map(({ sentAt, parameters }) =>
    parseEvent({ trace_id: String(parameters.trace_id), received_at: sentAt, source: 'callback' }, { ...parameters }),
  )
  const byRoom = Map.groupBy(events, ({ params }) => params.room_id ?? '')
  const interval = { from: endAt - 36 * hour, to: endAt - 30 * hour }

  it('has the minutes that the simulator knows, for each person and in total', () => {
    let total = 0
    for (const [room_id, own] of byRoom) {
      const expected = new Map<string, number>()
      for (const { room_id: room, user_id, from, to } of truth.presences) {
        const ms = Math.min(to, interval.to) - Math.max(from, interval.from)
        if (room === room_id && ms > 0) expected.set(user_id, (expected.get(user_id) ?? 0) + ms)
      }
      const rows = summarizeAttendance(sessionRowsOf(own, room_id), interval, endAt)
      expect(rows.map(({ user_id }) => user_id).sort()).toEqual([...expected.keys()].sort())
      for (const { user_id, presentMs } of rows) {
        expect(Math.abs(presentMs - (expected.get(user_id) ?? 0)), `${user_id} in ${room_id}`).toBeLessThan(second)
        total += presentMs
      }
    }
    expect(total).toBeGreaterThan(50 * hour)
  })

  it('adds up to the person-seconds of the meetings', () => {
    for (const [room_id, own] of byRoom) {
      const occupancies = new OccupancyIndex(occupanciesOf(own, room_id))
      const meetings = openingsOf(own, room_id).flatMap((opening) => splitOpening(opening, occupancies, endAt))
      const inMeetings = meetings.reduce((sum, one) => sum + measureMeeting(one, occupancies, endAt).personMs, 0)
      const rows = summarizeAttendance(sessionRowsOf(own, room_id), allTime, endAt)
      const attended = rows.reduce((sum, { presentMs }) => sum + presentMs, 0)
      // Someone can join in the moment before the open.
      expect(Math.abs(inMeetings - attended), room_id).toBeLessThan(5 * second)
    }
  })
})
