import type { UsagePeriod } from '../api-types.ts'
import { type Days, lastDays, toPeriod } from '../elements/period.ts'

export const usagePeriods = ['hour', 'day', 'month'] as const satisfies readonly UsagePeriod[]

/** What the page of usage shows. */
export type UsageChoice = { readonly period: UsagePeriod; readonly days: Days }

/**
 * Reads the choice from the address. Without days, the latest ones are chosen: a week by hour, a month by day, all by month.
 *
 * @param zone IANA name of the time zone.
 */
export function readUsageChoice(
  parameters: Readonly<Record<string, string>>,
  nowMs: number,
  zone: string,
): UsageChoice {
  const period = usagePeriods.find((one) => one === parameters.period) ?? 'day'
  const { from = '', to = '' } = parameters
  const hasDays = from !== '' || to !== '' || period === 'month'
  return { period, days: hasDays ? { from, to } : lastDays(nowMs, period === 'hour' ? 6 : 30, zone) }
}

/** The interval of the chosen days in ms since 1970, up to now. @param zone IANA name of the time zone. */
export function intervalOf(days: Days, nowMs: number, zone: string): { readonly from: number; readonly to: number } {
  const { from, to } = toPeriod(days, zone)
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    to: to === undefined ? nowMs : Math.min(nowMs, Date.parse(to)),
  }
}
