import type { School } from '@northbound/avd-simulator'

// Computed from the script of the simulated school by docs/contract.md, section 6, and independent of core/.

const minuteMs = 60_000
/** The history is sampled at this second of each minute. */
const sampleMs = 20_000
/** An open may be on its way for so long, so it counts at a later sample. */
const openDelayMs = 15_000

export type ExpectedUsage = {
  readonly period_start: string
  readonly peak_people: number
  readonly peak_rooms: number
  readonly person_minutes: number
  readonly meetings: number
  readonly sampled_minutes: number
}

type Period = 'hour' | 'day' | 'month'

/** The usage until `to` (ms since 1970, a full hour), newest first. @param utcOffsetMs of the installation's time zone. */
export function expectUsage(school: School, period: Period, to: number, utcOffsetMs: number): ExpectedUsage[] {
  const people = countShown(school, school.visits)
  const rooms = countShown(school, school.openings)
  const meetings = countMeetings(school)
  const periods = new Map<string, ExpectedUsage>()
  for (const [minute, peopleThen] of people.entries()) {
    const at = sampleTime(school, minute)
    if (at >= to) break
    const period_start = startOf(at, period, utcOffsetMs)
    const before = periods.get(period_start)
    periods.set(period_start, {
      period_start,
      peak_people: Math.max(before?.peak_people ?? 0, peopleThen),
      peak_rooms: Math.max(before?.peak_rooms ?? 0, rooms[minute] ?? 0),
      person_minutes: (before?.person_minutes ?? 0) + peopleThen,
      meetings: (before?.meetings ?? 0) + (meetings[minute] ?? 0),
      sampled_minutes: (before?.sampled_minutes ?? 0) + 1,
    })
  }
  return [...periods.values()].sort((one, other) => (one.period_start < other.period_start ? 1 : -1))
}

const sampleTime = ({ startAt }: School, minute: number) => startAt + minute * minuteMs + sampleMs

/** The number of the first sample at or after a time (ms since 1970). */
const firstSample = ({ startAt }: School, at: number) => Math.max(0, Math.ceil((at - startAt - sampleMs) / minuteMs))

const countMinutes = (school: School) => firstSample(school, school.endAt)

/** How many of these are shown at each sample. */
function countShown(
  school: School,
  entries: readonly { readonly from: number; readonly shownUntil: number | null }[],
): number[] {
  const counts = new Array<number>(countMinutes(school)).fill(0)
  for (const { from, shownUntil } of entries) {
    const end = shownUntil === null ? counts.length : firstSample(school, shownUntil)
    for (let minute = firstSample(school, from); minute < end; minute++) counts[minute] = (counts[minute] ?? 0) + 1
  }
  return counts
}

/** How many rooms are new at each sample. */
function countMeetings(school: School): number[] {
  const counts = new Array<number>(countMinutes(school)).fill(0)
  for (const { from, shownUntil } of school.openings) {
    const minute = firstSample(school, from + openDelayMs + 1)
    const isOpen = shownUntil === null || shownUntil > sampleTime(school, minute)
    if (isOpen) counts[minute] = (counts[minute] ?? 0) + 1
  }
  return counts
}

function startOf(at: number, period: Period, utcOffsetMs: number): string {
  const local = new Date(at + utcOffsetMs).toISOString()
  const lengths = { hour: 13, day: 10, month: 7 }
  const rest = { hour: ':00:00Z', day: 'T00:00:00Z', month: '-01T00:00:00Z' }
  return new Date(Date.parse(local.slice(0, lengths[period]) + rest[period]) - utcOffsetMs).toISOString()
}
