import { SeededRandom } from '../seeded-random.ts'
import { uniform } from '../trace/distributions.ts'
import { Deck } from './deck.ts'
import {
  type GatheringSettings,
  type MeetingKind,
  nameRoom,
  openStandingRoom,
  pickUsers,
  writeLesson,
  writeMeeting,
} from './gathering.ts'
import { createPeople, type SchoolPeople } from './people.ts'
import { writeRecording, writeRecordings } from './recordings.ts'
import { defaultSchoolOptions, type School, type SchoolOptions } from './school.ts'
import { ScriptRecorder } from './script-recorder.ts'
import type { VisitKind } from './visit.ts'
import { writeWarnings } from './warnings.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const lessonMs = 45 * minuteMs

/** Lessons begin at these times of a weekday, in ms. All classes have one in the first slot. */
const lessonSlots = [8, 9, 10, 11, 14, 15].map((hour) => hour * hourMs)
/** The evening lesson in the permanent room, every day. */
const eveningLessonMs = 19 * hourMs
const permanentRoomId = 'math-7'

/** Besides these, nothing happens in a visit. */
const incidents: readonly (readonly [VisitKind, number])[] = [
  ['plain', 24],
  ['reconnect', 2],
  ['reconnect_twice', 1],
  ['second_device_kicked_first', 1],
  ['second_device_kicked_later', 1],
  ['reload_leave_first', 1],
  ['reload_join_first', 1],
  ['step_out', 2],
  ['rename', 1],
  ['killed', 2],
  ['server_kick', 1],
  ['leave_lost', 1],
]
const meetingKinds: readonly (readonly [MeetingKind, number])[] = [
  ['closed', 4],
  ['auto', 3],
  ['open_lost', 1],
  ['close_lost', 1],
  ['crash', 1],
]

type Planner = GatheringSettings & {
  readonly options: SchoolOptions
  readonly people: SchoolPeople
  /** ms since 1970: midnight at the beginning of the first day and of the day of `endAt`. */
  readonly firstDayAt: number
  readonly todayAt: number
  readonly meetingKinds: Deck<MeetingKind>
}

/**
 * Generates weeks of a school: lessons in rooms that stay open, meetings in rooms of their own, recordings, and warnings about media
 * servers. The same options yield the same school.
 */
export function generateSchool(given: Partial<SchoolOptions> & Pick<SchoolOptions, 'endAt'>): School {
  const options = { ...defaultSchoolOptions, ...given }
  const random = new SeededRandom(options.seed)
  // Another end is another school: a receiver that has both must not take their events for repetitions.
  const recorder = new ScriptRecorder(new SeededRandom(options.seed + Math.floor(options.endAt / 1000)))
  const people = createPeople(random, options)
  const localNow = options.endAt + options.utcOffsetMs
  const todayAt = localNow - (localNow % dayMs) - options.utcOffsetMs
  const planner: Planner = {
    recorder,
    random,
    options,
    people,
    lessonVisits: new Deck(random, incidents),
    meetingVisits: new Deck(random, [...incidents, ['join_lost', 1]]),
    meetingKinds: new Deck(random, meetingKinds),
    todayAt,
    firstDayAt: todayAt - options.days * dayMs,
  }
  writePermanentRoom(planner)
  writeClasses(planner)
  writeMeetings(planner)
  writeStudyRooms(planner)
  writeWarnings(recorder, options.endAt)
  const { visits, openings, recordings, warnings, rooms } = recorder
  const users = [...people.teachers, ...people.classes.flat()]
  const script = { visits, openings, recordings, warnings, users, rooms, permanentRoomId }
  return { startAt: planner.firstDayAt, endAt: options.endAt, events: recorder.listEvents(), ...script }
}

/** A lesson on each evening, a second one on the first, and one in progress. */
function writePermanentRoom(planner: Planner): void {
  const { recorder, random, options, people, firstDayAt, todayAt } = planner
  const { endAt } = options
  const evenings = Array.from({ length: options.days }, (_, day) => firstDayAt + day * dayMs + eveningLessonMs)
  const starts = [(evenings[0] ?? todayAt) - 2 * hourMs, ...evenings, endAt - 25 * minuteMs]
  openStandingRoom(recorder, permanentRoomId, '七年级数学答疑', (starts[0] ?? endAt) - 10 * minuteMs)
  for (const [index, from] of starts.entries()) {
    const isInProgress = index === starts.length - 1
    const pupils = pickUsers(random, people.classes.flat(), Math.min(5, options.pupilsPerClass), 24)
    const users = [...people.teachers.slice(0, 1), ...pupils]
    const lesson = { room_id: permanentRoomId, from, to: isInProgress ? endAt : from + lessonMs }
    writeLesson(planner, { ...lesson, users }, { isCrash: !isInProgress && index % 9 === 5, isInProgress })
    writeRecordings(recorder, { ...lesson, index, isInProgress })
  }
}

/** Each class has a room that stays open. */
function writeClasses(planner: Planner): void {
  const { recorder, options, people, firstDayAt } = planner
  for (const [index, pupils] of people.classes.entries()) {
    const room_id = `${7001 + index}`
    openStandingRoom(recorder, room_id, `七年级 ${index + 1} 班`, firstDayAt + 7 * hourMs + index * minuteMs)
    const teacher = people.teachers.slice(1 + index, 2 + index)
    for (const [day, dayAt] of listWeekdays(planner).entries()) {
      // The first lesson of all classes is at the same time, the others are spread.
      const slots = lessonSlots.map((_, slot) => (slot === 0 ? 0 : 1 + ((slot + index + day) % 5)))
      for (const slot of slots.slice(0, options.lessonsPerDay)) {
        const from = dayAt + (lessonSlots[slot] ?? 0)
        const isCrash = index === 0 && slot === 0 && day % 6 === 4
        if (isOver(planner, from + lessonMs))
          writeLesson(planner, { room_id, from, to: from + lessonMs, users: [...teacher, ...pupils] }, { isCrash })
      }
    }
  }
}

/** Meetings in the afternoon, each in a room of its own, and three that are in progress. */
function writeMeetings(planner: Planner): void {
  const { recorder, random, options, people } = planner
  const everyone = [...people.teachers, ...people.classes.flat()]
  let serial = 0
  const write = (kind: MeetingKind, from: number, to: number) => {
    const room_id = String(18_000_000_000 + 7919 * serial++)
    writeMeeting(planner, { room_id, from, to, users: pickUsers(random, everyone, 3, 11) }, kind)
    const name = serial % 3 === 0 ? null : `教研会 ${serial}`
    if (kind === 'open_lost' || name === null) recorder.rooms.push({ room_id, name: null })
    else nameRoom(recorder, room_id, name, from + 3 * minuteMs)
    if (kind === 'crash') {
      const recording = { room_id, exporter_id: `exporter-${room_id}`, from: from + 5 * minuteMs, to }
      writeRecording(recorder, recording, 'none', 'stuck')
    }
  }
  for (const dayAt of listWeekdays(planner)) {
    for (let index = 0; index < options.meetingsPerDay; index++) {
      const from = Math.round(dayAt + 16 * hourMs + uniform(random, 0, 2 * hourMs))
      const to = Math.round(from + uniform(random, 20 * minuteMs, 70 * minuteMs))
      if (isOver(planner, to + hourMs)) write(planner.meetingKinds.deal(), from, to)
    }
  }
  for (let index = 0; index < 3; index++)
    write('in_progress', options.endAt - (30 + 7 * index) * minuteMs, options.endAt)
}

/** Ids that have to be encoded, or that a spreadsheet would change. */
const oddRoomIds = ['00123', '三年级/数学', 'a b+c', '1-2', '9007199254740993', '100%', '3E5', 'Room_7.b@school']

/** The other open rooms: most are empty since someone used them once. */
function writeStudyRooms(planner: Planner): void {
  const { recorder, random, options, people, firstDayAt, todayAt } = planner
  const open = recorder.openings.filter(({ to }) => to === null).length
  for (let index = 0; index < options.openRooms - open; index++) {
    const room_id = oddRoomIds[index] ?? `study-${index}`
    const dayAt = firstDayAt + random.nextInteger(0, Math.floor((todayAt - firstDayAt) / dayMs) - 1) * dayMs
    const from = Math.round(dayAt + uniform(random, 12 * hourMs, 13 * hourMs))
    openStandingRoom(recorder, room_id, index % 2 === 0 ? `自习室 ${index + 1}` : null, from - 5 * minuteMs)
    const users = pickUsers(random, people.classes.flat(), 1, 3)
    writeLesson(planner, { room_id, from, to: from + 20 * minuteMs, users })
    if (index % 6 !== 0) continue
    const now = { room_id, from: options.endAt - 15 * minuteMs, to: options.endAt }
    writeLesson(planner, { ...now, users: pickUsers(random, people.classes.flat(), 1, 2) }, { isInProgress: true })
  }
}

/** ms since 1970: the beginnings of the weekdays, today included. */
function listWeekdays({ options, firstDayAt }: Planner): number[] {
  const days = Array.from({ length: options.days + 1 }, (_, day) => firstDayAt + day * dayMs)
  return days.filter((at) => ![0, 6].includes(new Date(at + options.utcOffsetMs).getUTCDay()))
}

/** Whether what ends at this time is over for long enough for everything about it to be known. */
function isOver({ options }: Planner, to: number): boolean {
  return to < options.endAt - 30 * minuteMs
}
