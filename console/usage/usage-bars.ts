import { toEpochMs } from '../../core/protocol/time-zone.ts'
import type { ApiUsage, UsagePeriod } from '../api-types.ts'
import { toWallClock } from '../elements/period.ts'

/** The usage of a period, with its place on the time axis (ms since 1970). */
export type UsageBar = ApiUsage & {
  readonly startMs: number
  readonly endMs: number
  /** Minutes of the period that are in the interval and in the past. */
  readonly expectedMinutes: number
  readonly isIncomplete: boolean
}

export type UsageSummary = {
  /** Oldest first. */
  readonly bars: readonly UsageBar[]
  /** Times between two bars, and after the last one, that have no samples. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[]
  /** The latest of those with the most people; undefined if there are no samples. */
  readonly peak: UsageBar | undefined
  readonly personMinutes: number
  readonly meetings: number
}

const hourMs = 3_600_000
/** The sample of the current minute, and that of the last one, may be under way. */
const toleratedMinutes = 2

/**
 * Places the usage on the time axis and sums it up.
 *
 * @param usage newest first, as in the API.
 * @param interval ms since 1970; `to` is at most now.
 * @param zone IANA name of the time zone.
 */
export function summarizeBars(
  usage: readonly ApiUsage[],
  period: UsagePeriod,
  interval: { readonly from: number; readonly to: number },
  zone: string,
): UsageSummary {
  const starts = usage.map(({ period_start }) => Date.parse(period_start))
  const bars = usage
    .map((one, index): UsageBar => {
      const startMs = starts[index] ?? 0
      const endMs = Math.min(endOf(startMs, period, zone), starts[index - 1] ?? Number.POSITIVE_INFINITY)
      const expectedMs = Math.min(endMs, interval.to) - Math.max(startMs, interval.from)
      const expectedMinutes = Math.max(one.sampled_minutes, Math.floor(expectedMs / 60_000))
      const isIncomplete = one.sampled_minutes < expectedMinutes - toleratedMinutes
      return { ...one, startMs, endMs, expectedMinutes, isIncomplete }
    })
    .reverse()
  return {
    bars,
    gaps: bars.flatMap(({ endMs }, index) => {
      const toMs = bars[index + 1]?.startMs ?? interval.to - toleratedMinutes * 60_000
      return toMs <= endMs ? [] : [{ fromMs: endMs, toMs }]
    }),
    peak: bars
      .toReversed()
      .reduce<UsageBar | undefined>(
        (highest, bar) => (highest !== undefined && highest.peak_people >= bar.peak_people ? highest : bar),
        undefined,
      ),
    personMinutes: bars.reduce((sum, { person_minutes }) => sum + person_minutes, 0),
    meetings: bars.reduce((sum, { meetings }) => sum + meetings, 0),
  }
}

/** The end of a period by the calendar of the zone, which knows days of 23 and 25 hours. */
function endOf(startMs: number, period: UsagePeriod, zone: string): number {
  if (period === 'hour') return startMs + hourMs
  const end = toWallClock(startMs, zone)
  if (period === 'day') end.setUTCDate(end.getUTCDate() + 1)
  else end.setUTCMonth(end.getUTCMonth() + 1)
  return toEpochMs(end.getTime(), zone)
}
