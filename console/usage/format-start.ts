import type { UsagePeriod } from '../api-types.ts'
import { toWallClock } from '../elements/period.ts'
import { formatTo } from '../format.ts'
import { timeZone } from '../time-zone.ts'

/**
 * Names a period by its start. A day or a month that does not begin at midnight is that of another time zone, which the
 * installation had before, so it gets its time.
 */
export function formatStart(startMs: number, period: UsagePeriod): string {
  const start = toWallClock(startMs, timeZone.value)
  const isMidnight = start.getUTCHours() + start.getUTCMinutes() === 0
  if (period === 'day' && isMidnight) return formatTo('day', startMs)
  if (period === 'month' && isMidnight && start.getUTCDate() === 1) return formatTo('month', startMs)
  return formatTo('minute', startMs)
}
