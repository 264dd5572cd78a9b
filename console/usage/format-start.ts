import type { UsagePeriod } from '../api-types.ts'
import { formatTo } from '../format.ts'

/**
 * Names a period by its start. A day or a month that does not begin at midnight in the time zone of the browser is that
 * of another zone, so it gets its time.
 */
export function formatStart(startMs: number, period: UsagePeriod): string {
  const start = new Date(startMs)
  const isMidnight = start.getHours() + start.getMinutes() === 0
  if (period === 'day' && isMidnight) return formatTo('day', startMs)
  if (period === 'month' && isMidnight && start.getDate() === 1) return formatTo('month', startMs)
  return formatTo('minute', startMs)
}
