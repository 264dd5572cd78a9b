import type { SeededRandom } from '../seeded-random.ts'
import { exponential, logNormal, normal, sample, uniform } from './distributions.ts'
import { randomWorkingTime } from './episodes.ts'
import { type SessionPlan, type SessionSettings, SimulatedSession } from './simulated-session.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const users = 400
/** Users of a permanent or recurring room. */
const usersPerRoom = 30
const medianMeetingMs = 35 * minuteMs
const maxMeetingMs = 3 * hourMs
const medianMeetingSize = 6
const maxMeetingSize = 60
/** Sessions in which the user leaves the meeting for some minutes. */
const stepOutShare = 0.05
const leaveEarlyShare = 0.12
/** Meetings that a user closes. The others close by themselves when the last user has left. */
const closedByUserShare = 0.4
/** Of the meetings that a user closes: those in which each `leave` is sent before the `close`. */
const leavesBeforeCloseShare = 0.3
const meanShortSessionMs = 15 * minuteMs
/** Between two sessions of a user in the same room. Longer than the platform takes to notice that a client is gone. */
const minPauseMs = 2 * minuteMs

/** Plans the meetings and sessions of one day. @param dayAt ms since 1970: the start of the day */
export function planDay(settings: SessionSettings, dayAt: number): void {
  const { options } = settings
  for (let index = 0; index < options.meetingsPerDay; index++)
    planMeeting(settings, dayAt, `${dayAt / hourMs}${1000 + index}`)
  for (let index = 0; index < options.permanentRooms + options.recurringRooms; index++) {
    const room = { room_id: String(9000 + index), permanent: index < options.permanentRooms }
    planShortSessions(settings, dayAt, room, index)
  }
}

function planMeeting(settings: SessionSettings, dayAt: number, room_id: string): void {
  const { random, schedule, platform } = settings
  const startAt = randomWorkingTime(random, dayAt)
  const endAt = startAt + Math.max(5 * minuteMs, logNormal(random, medianMeetingMs, 0.5, maxMeetingMs))
  const size = 2 + Math.floor(logNormal(random, medianMeetingSize, 0.7, maxMeetingSize))
  const everyone = Array.from({ length: users }, (_, index) => String(10_000 + index))
  const room = { room_id, permanent: false }
  const sessions = sample(random, everyone, size).flatMap((user_id) =>
    planAttendance(random, startAt, endAt).map(
      ({ from, until }) => new SimulatedSession(settings, { room, user_id, from, until }),
    ),
  )
  if (!random.nextBoolean(closedByUserShare)) return
  const withLeaves = random.nextBoolean(leavesBeforeCloseShare)
  schedule.at(endAt, () => {
    for (const session of sessions) session.cancel()
    platform.closeRoom(room_id, withLeaves)
  })
}

/** When a user is in a meeting. Most are there from the start to the end. */
function planAttendance(random: SeededRandom, startAt: number, endAt: number): Pick<SessionPlan, 'from' | 'until'>[] {
  const isLate = random.nextBoolean(0.15)
  const arrivedAt = isLate ? uniform(random, startAt, endAt - minuteMs) : startAt + normal(random, 0, 2 * minuteMs)
  const leavesEarly = random.nextBoolean(leaveEarlyShare)
  const latest = endAt + normal(random, 0, minuteMs)
  const until = Math.max(arrivedAt + minuteMs, leavesEarly ? uniform(random, arrivedAt, endAt) : latest)
  const awayAt = uniform(random, arrivedAt, until)
  const backAt = awayAt + uniform(random, minuteMs, 10 * minuteMs)
  const stepsOut = random.nextBoolean(stepOutShare) && awayAt > arrivedAt + minuteMs && backAt < until - minuteMs
  if (!stepsOut) return [{ from: arrivedAt, until }]
  return [
    { from: arrivedAt, until: awayAt },
    { from: backAt, until },
  ]
}

/** Plans the sessions in a room that is used all day. Sessions of the same user do not overlap. */
function planShortSessions(settings: SessionSettings, dayAt: number, room: SessionPlan['room'], index: number): void {
  const { random, options } = settings
  const freeFrom = new Map(Array.from({ length: usersPerRoom }, (_, user) => [10_000 + index * usersPerRoom + user, 0]))
  const times = Array.from({ length: options.sessionsPerDay }, () => randomWorkingTime(random, dayAt))
  for (const from of times.toSorted((a, b) => a - b)) {
    const user = random.pick([...freeFrom].filter(([, free]) => free < from).map(([id]) => id))
    if (user === undefined) continue
    const until = from + minuteMs + exponential(random, meanShortSessionMs)
    freeFrom.set(user, until + minPauseMs)
    new SimulatedSession(settings, { room, user_id: String(user), from, until })
  }
}
