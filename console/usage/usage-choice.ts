import type { UsagePeriod } from '../api-types.ts'
import { type Days, lastDays, toPeriod } from '../elements/period.ts'

export const usagePeriods = ['hour', 'day', 'month'] as const satisfies readonly UsagePeriod[]

/** What the page of usage shows. */
export type UsageChoice = { readonly period: UsagePeriod; readonly days: Days }

/** @param parameters of the address. Without days, the latest ones are chosen: a week by hour, a month by day, all by month. */
export function readUsageChoice(parameters: Readonly<Record<string, string>>, now: Date): UsageChoice {
  const period = usagePeriods.find((one) => one === parameters.period) ?? 'day'
  const { from = '', to = '' } = parameters
  const hasDays = from !== '' || to !== '' || period === 'month'
  return { period, days: hasDays ? { from, to } : lastDays(now, period === 'hour' ? 6 : 30) }
}

/** The interval of the chosen days in ms since 1970, up to now. */
export function intervalOf(days: Days, nowMs: number): { readonly from: number; readonly to: number } {
  const { from, to } = toPeriod(days)
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    to: to === undefined ? nowMs : Math.min(nowMs, Date.parse(to)),
  }
}
