/** Usage is stored by quarter-hours: every day, and every hour, of every time zone begins with one. */
export const quarterMinutes = 15
const quartersPerHour = 4
export const msPerMinute = 60_000
export const msPerHour = 3_600_000

/** What a sample found. */
export type UsageSample = {
  /** ms since 1970 */
  readonly at: number
  /** Present participants. A person who is in two rooms counts twice, as on the board. */
  readonly people: number
  /** Open rooms, empty ones included. */
  readonly rooms: number
  /** Rooms that were opened since the sample before. */
  readonly meetings: number
}

/** The samples of a quarter of an hour. */
export type UsageQuarter = {
  /** A bit for each minute that was sampled; the lowest is the first minute. */
  readonly sampled: number
  readonly peak_people: number
  readonly peak_rooms: number
  readonly person_minutes: number
  readonly meetings: number
}

/** The samples of an hour in UTC. */
export type UsageHour = {
  /** Hours since 1970. */
  readonly hour: number
  /** ms since 1970: the time of the latest sample. */
  readonly last_at: number
  /** Four of them, from the start of the hour. */
  readonly quarters: readonly UsageQuarter[]
}

const unsampledQuarter: UsageQuarter = { sampled: 0, peak_people: 0, peak_rooms: 0, person_minutes: 0, meetings: 0 }

export function hourOf(at: number): number {
  return Math.floor(at / msPerHour)
}

/** Whether the minute of this time (ms) has been sampled. */
export function isSampled(hour: UsageHour, at: number): boolean {
  const { quarter, bit } = locate(at)
  return hourOf(at) === hour.hour && ((hour.quarters[quarter]?.sampled ?? 0) & bit) !== 0
}

/**
 * Adds a sample to its hour. Only the first sample of a minute counts, so the result depends neither on the order of samples nor on
 * repetitions.
 *
 * @param hour undefined if the sample is the first one of its hour.
 * @throws RangeError if the sample is not of this hour.
 */
export function addSample(hour: UsageHour | undefined, sample: UsageSample): UsageHour {
  const current = hour ?? createHour(hourOf(sample.at))
  if (hourOf(sample.at) !== current.hour) throw new RangeError('the sample is of another hour')
  if (isSampled(current, sample.at)) return current
  const { quarter, bit } = locate(sample.at)
  return {
    ...current,
    last_at: Math.max(current.last_at, sample.at),
    quarters: current.quarters.map((each, index) => (index === quarter ? addToQuarter(each, sample, bit) : each)),
  }
}

function createHour(hour: number): UsageHour {
  return { hour, last_at: 0, quarters: Array.from({ length: quartersPerHour }, () => unsampledQuarter) }
}

function addToQuarter(quarter: UsageQuarter, { people, rooms, meetings }: UsageSample, bit: number): UsageQuarter {
  return {
    sampled: quarter.sampled | bit,
    peak_people: Math.max(quarter.peak_people, people),
    peak_rooms: Math.max(quarter.peak_rooms, rooms),
    person_minutes: quarter.person_minutes + people,
    meetings: quarter.meetings + meetings,
  }
}

/** The quarter of its hour that a time is in, and the bit of its minute. */
function locate(at: number): { readonly quarter: number; readonly bit: number } {
  const minute = Math.floor(at / msPerMinute) % 60
  return { quarter: Math.floor(minute / quarterMinutes), bit: 1 << (minute % quarterMinutes) }
}
