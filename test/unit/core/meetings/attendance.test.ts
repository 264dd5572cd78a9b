import { generateTrace, type TraceOptions } from '@northbound/avd-simulator'
import { describe, expect, it } from 'vitest'
import { summarizeAttendance } from '../../../../core/meetings/attendance.ts'
import { measureMeeting, splitOpening } from '../../../../core/meetings/meetings.ts'
import { allTime } from '../../../../core/ports/period.ts'
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

  it('counts somebody who is present until now if the interval ends later', () => {
    const [b] = summarizeAttendance(lesson, { from: 0, to: 3 * hour }, hour)
    expect(b?.presentMs).toBe(59 * minute)
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
      // Somebody can join in the moment before the open.
      expect(Math.abs(inMeetings - attended), room_id).toBeLessThan(5 * second)
    }
  })
})
