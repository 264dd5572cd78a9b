import { isWithin, type Period } from '../ports/period.ts'
import { toEpochMs, zoneOffsetMs } from '../protocol/time-zone.ts'
import { msPerHour, msPerMinute, quarterMinutes, type UsageHour, type UsageQuarter } from './usage-hour.ts'

export const usagePeriods = ['hour', 'day', 'month'] as const
export type UsagePeriod = (typeof usagePeriods)[number]

/** The usage of an hour, a day or a month. */
export type PeriodUsage = {
  /** ms since 1970 */
  readonly period_start: number
  readonly peak_people: number
  readonly peak_rooms: number
  readonly person_minutes: number
  readonly meetings: number
  /** Minutes that were sampled: fewer than the period has if samples are missing. */
  readonly sampled_minutes: number
}

const quarterMs = quarterMinutes * msPerMinute
const msPerDay = 24 * msPerHour

/**
 * Sums up the samples of each period, in the order of the hours. Periods without samples are omitted.
 *
 * @param hours ordered by time, in either direction.
 * @param interval whose quarter-hours count; one that it contains in part counts if its start is inside.
 * @param timeZone IANA name; days and months begin at midnight there.
 */
export function summarizeUsage(
  hours: readonly UsageHour[],
  {
    period,
    interval,
    timeZone,
  }: { readonly period: UsagePeriod; readonly interval: Period; readonly timeZone: string },
): PeriodUsage[] {
  const periods = new Map<number, PeriodUsage>()
  const findStart = createPeriodStarts(period, timeZone)
  for (const { hour, quarters } of hours) {
    for (const [index, quarter] of quarters.entries()) {
      const at = hour * msPerHour + index * quarterMs
      if (quarter.sampled === 0 || !isWithin(at, interval)) continue
      const start = findStart(at)
      periods.set(start, addQuarter(periods.get(start) ?? emptyPeriod(start), quarter))
    }
  }
  return [...periods.values()]
}

/** @returns the start (ms since 1970) of the period that a time is in. */
export function periodStartOf(at: number, period: UsagePeriod, timeZone: string): number {
  return createPeriodStarts(period, timeZone)(at)
}

function createPeriodStarts(period: UsagePeriod, timeZone: string): (at: number) => number {
  const offsetOf = createOffsets(timeZone)
  return (at) => {
    const wallClock = at + offsetOf(at)
    // By time, not by the clock: an hour that is shown twice, when clocks are set back, is two hours.
    if (period === 'hour') return at - modulo(wallClock, msPerHour)
    const day = new Date(wallClock)
    return toEpochMs(
      Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), period === 'day' ? day.getUTCDate() : 1),
      timeZone,
    )
  }
}

/** Reads the offset once for each day in which it does not change. No zone changes it twice within two days. */
function createOffsets(timeZone: string): (at: number) => number {
  const known = new Map<number, number>()
  const atStartOf = (day: number) => {
    const offset = known.get(day) ?? zoneOffsetMs(day * msPerDay, timeZone)
    known.set(day, offset)
    return offset
  }
  return (at) => {
    const day = Math.floor(at / msPerDay)
    const offset = atStartOf(day)
    return offset === atStartOf(day + 1) ? offset : zoneOffsetMs(at, timeZone)
  }
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}

function emptyPeriod(period_start: number): PeriodUsage {
  return { period_start, peak_people: 0, peak_rooms: 0, person_minutes: 0, meetings: 0, sampled_minutes: 0 }
}

function addQuarter(sum: PeriodUsage, quarter: UsageQuarter): PeriodUsage {
  return {
    period_start: sum.period_start,
    peak_people: Math.max(sum.peak_people, quarter.peak_people),
    peak_rooms: Math.max(sum.peak_rooms, quarter.peak_rooms),
    person_minutes: sum.person_minutes + quarter.person_minutes,
    meetings: sum.meetings + quarter.meetings,
    sampled_minutes: sum.sampled_minutes + countBits(quarter.sampled),
  }
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  return count
}
