import type { SeededRandom } from '../seeded-random.ts'
import { uniform } from './distributions.ts'
import type { InstallationTrace, Interval } from './trace.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Working hours, in ms from the start of a day. */
const workingHours = { startMs: 8 * hourMs, endMs: 18 * hourMs }

/** A random time in working hours. @param dayAt ms since 1970: the start of the day */
export function randomWorkingTime(random: SeededRandom, dayAt: number): number {
  return dayAt + uniform(random, workingHours.startMs, workingHours.endMs)
}

/** Picks random working times. @param perDay may be a fraction: 0.5 means one time on every other day. */
export function pickWorkingTimes(
  random: SeededRandom,
  { startAt, endAt }: Pick<InstallationTrace, 'startAt' | 'endAt'>,
  perDay: number,
): number[] {
  const count = Math.floor((perDay * (endAt - startAt)) / dayMs)
  return Array.from({ length: count }, (_, index) =>
    randomWorkingTime(random, startAt + Math.floor(index / perDay) * dayMs),
  )
}

/** Picks periods that begin in working hours. */
export function planEpisodes(
  random: SeededRandom,
  period: Pick<InstallationTrace, 'startAt' | 'endAt'>,
  perDay: number,
  minMs: number,
  maxMs: number,
): Interval[] {
  return pickWorkingTimes(random, period, perDay).map((from) => ({ from, to: from + uniform(random, minMs, maxMs) }))
}

export function isWithin(intervals: readonly Interval[], at: number): boolean {
  return intervals.some(({ from, to }) => from <= at && at < to)
}
