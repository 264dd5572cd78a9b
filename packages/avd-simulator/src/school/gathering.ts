import type { SeededRandom } from '../seeded-random.ts'
import { sample, uniform } from '../trace/distributions.ts'
import type { Deck } from './deck.ts'
import type { ScriptedUser } from './school.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import { inferEnd, type VisitEnd, type VisitKind, writeVisit } from './visit.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

/**
 * How a meeting in a room of its own ends, and whether a callback about the room is lost. `closed`: a user closes the room.
 * `auto`: it closes when everybody has left. `crash`: everything disappears without a callback. `in_progress`: it has not ended.
 */
export type MeetingKind = 'closed' | 'open_lost' | 'auto' | 'close_lost' | 'crash' | 'in_progress'

export type GatheringPlan = {
  readonly room_id: string
  /** ms since 1970 */
  readonly from: number
  readonly to: number
  readonly users: readonly ScriptedUser[]
}

export type GatheringSettings = {
  readonly recorder: ScriptRecorder
  readonly random: SeededRandom
  /** What happens in the visits of lessons. */
  readonly lessonVisits: Deck<VisitKind>
  /** What happens in the visits of meetings. */
  readonly meetingVisits: Deck<VisitKind>
}

const lateShare = 0.1
const maxDelayMs = 12 * minuteMs
/** A minute after everybody else has come. */
const latestArrivalMs = maxDelayMs + minuteMs
const leaveEarlyShare = 0.2
const returnShare = 0.7

type LessonCourse = { readonly isCrash?: boolean; readonly isInProgress?: boolean }

/**
 * Writes the visits of a lesson in a room that stays open.
 *
 * @param course `isCrash`: the media server crashes in the middle, and most users come back. `isInProgress`: no one has left yet.
 */
export function writeLesson(
  { recorder, random, lessonVisits }: GatheringSettings,
  { room_id, from, to, users }: GatheringPlan,
  { isCrash = false, isInProgress = false }: LessonCourse = {},
): void {
  const crashAt = Math.round(from + (to - from) * 0.6)
  if (isCrash) recorder.send(crashAt + 4 * secondMs, { event: 'open', room_id })
  for (const [index, user] of users.entries()) {
    // One comes late, after another one has left, so that at no time everybody is there.
    const isLatecomer = index > 0 && index === users.length - 1
    const isEarlyLeaver = index > 0 && index === users.length - 2 && !isInProgress
    const arrivedAt = isLatecomer ? from + latestArrivalMs : pickArrival(random, from)
    const isBack = isCrash && !isEarlyLeaver && random.nextBoolean(returnShare)
    const dealt = lessonVisits.deal()
    writeVisit(recorder, random, {
      room_id,
      user,
      from: arrivedAt,
      end: planLessonEnd(),
      // What is interrupted has no further incidents.
      kind: isCrash || isInProgress ? 'plain' : dealt,
      interruptedAt: isBack ? crashAt : undefined,
    })

    function planLessonEnd(): VisitEnd {
      if (isEarlyLeaver) return { by: 'leave', at: arrivedAt + minuteMs }
      if (isInProgress) return { by: 'nothing', at: to }
      if (isCrash && !isBack) return { by: 'crash', at: crashAt }
      return { by: 'leave', at: Math.round(to + uniform(random, -30 * secondMs, minuteMs)) }
    }
  }
}

/** Writes a meeting in a room of its own: its opening, the visits and its closing. */
export function writeMeeting(settings: GatheringSettings, plan: GatheringPlan, kind: MeetingKind): void {
  const { recorder, random, meetingVisits } = settings
  const { room_id, to, users } = plan
  const arrivals = users.map((user) => ({ user, from: pickArrival(random, plan.from) }))
  const firstAt = Math.min(...arrivals.map(({ from }) => from))
  const first = recorder.visits.length
  for (const { user, from } of arrivals) {
    const end = planEnd(random, kind, from, to)
    // The first user has to be announced: an opening that is lost begins with this visit.
    const dealt = kind === 'in_progress' || from === firstAt ? 'plain' : meetingVisits.deal()
    writeVisit(recorder, random, { room_id, user, from, end, kind: dealt })
  }
  const ends = recorder.visits.slice(first).map((visit) => visit.to ?? to)
  writeOpening(recorder, plan, kind, { openedAt: firstAt - 300, lastLeftAt: Math.max(...ends) })
}

function planEnd(random: SeededRandom, kind: MeetingKind, from: number, to: number): VisitEnd {
  const leavesEarly = random.nextBoolean(leaveEarlyShare)
  const earlyAt = Math.round(uniform(random, Math.max(from + minuteMs, to - 20 * minuteMs), to - minuteMs))
  if (kind === 'in_progress') return { by: 'nothing', at: to }
  if (leavesEarly) return { by: 'leave', at: earlyAt }
  if (kind === 'closed' || kind === 'open_lost') return { by: 'close', at: to }
  if (kind === 'crash') return { by: 'crash', at: to }
  return { by: 'leave', at: Math.round(to - uniform(random, 0, 40 * secondMs)) }
}

function writeOpening(
  recorder: ScriptRecorder,
  { room_id, to }: GatheringPlan,
  kind: MeetingKind,
  { openedAt, lastLeftAt }: { readonly openedAt: number; readonly lastLeftAt: number },
): void {
  const openingLost = kind === 'open_lost'
  if (!openingLost) recorder.send(openedAt, { event: 'open', room_id })
  const opening = { room_id, from: openingLost ? openedAt + 300 : openedAt, openingLost }
  if (kind === 'in_progress') {
    recorder.openings.push({ ...opening, to: null, shownUntil: null, close_reason: null, closingLost: false })
    return
  }
  if (kind === 'close_lost' || kind === 'crash') {
    const end = inferEnd(kind === 'crash' ? to : lastLeftAt)
    recorder.correct(end.to, { event: 'close', room_id, event_type: 'reconciled' })
    recorder.openings.push({ ...opening, ...end, close_reason: 'reconciled', closingLost: true })
    return
  }
  const close_reason = kind === 'auto' ? 'auto' : 'user'
  const closedAt = kind === 'auto' ? lastLeftAt + 3 * secondMs : to
  recorder.send(closedAt, { event: 'close', room_id, event_type: close_reason })
  recorder.openings.push({ ...opening, to: closedAt, shownUntil: closedAt, close_reason, closingLost: false })
}

/** Opens a room that stays open, and gives it its name a moment later, as the next sweep does. */
export function openStandingRoom(recorder: ScriptRecorder, room_id: string, name: string | null, at: number): void {
  recorder.send(at, { event: 'open', room_id })
  nameRoom(recorder, room_id, name, at)
  const opening = { room_id, from: at, to: null, shownUntil: null, close_reason: null }
  recorder.openings.push({ ...opening, openingLost: false, closingLost: false })
}

/** @param at ms since 1970: a moment before the sweep that reads the name. */
export function nameRoom(recorder: ScriptRecorder, room_id: string, name: string | null, at: number): void {
  recorder.rooms.push({ room_id, name })
  if (name !== null) recorder.correct(at + 20 * secondMs, { event: 'name_room', room_id, room_name: name })
}

/** Picks some users of a list for a meeting. */
export function pickUsers(random: SeededRandom, users: readonly ScriptedUser[], min: number, max: number) {
  return sample(random, users, random.nextInteger(min, max))
}

function pickArrival(random: SeededRandom, from: number): number {
  const delayMs = random.nextBoolean(lateShare) ? maxDelayMs : 2 * minuteMs
  return Math.round(from + uniform(random, 0, delayMs))
}
