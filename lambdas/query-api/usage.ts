import type { z } from 'zod'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { Period } from '../../core/ports/period.ts'
import type { UsageReader } from '../../core/ports/usage-store.ts'
import { isoTime } from '../../core/presentation/iso-time.ts'
import { type PeriodUsage, summarizeUsage, type UsagePeriod } from '../../core/usage/summarize-usage.ts'
import { msPerHour, type UsageHour } from '../../core/usage/usage-hour.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { encodePosition, identifyList, parsePosition } from './list-position.ts'
import { toPeriod } from './period.ts'
import type { usageQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

type UsageQuery = z.output<typeof usageQuery>

/** Requests for a page. Each reads up to 1 MB, which is more than half a year; ten years take fewer than these. */
const maxRequests = 20
/** The most hours that can belong to a period: a day on which clocks are set back has 25. */
const maxHoursOf: Readonly<Record<UsagePeriod, number>> = { hour: 2, day: 26, month: 31 * 24 + 2 }

/** Responds with a page of the periods that have samples, newest first (docs/contract.md, section 6). */
export async function respondWithUsage(
  { usage, timeZone }: QueryApiDependencies,
  { query, signal }: RouteRequest<UsageQuery>,
): Promise<RouteResult> {
  const { period, from, to, limit, cursor } = query
  const sent = toPeriod({ from, to })
  const list = identifyList('usage', { period, from, to })
  const interval = { ...sent, to: Math.min(sent.to, parseUsagePosition(cursor, list) ?? sent.to) }
  const { hours, isComplete } = await readHours(usage, interval, (limit + 1) * maxHoursOf[period], signal)
  const periods = summarizeUsage(hours, { period, interval, timeZone })
  // Further hours may belong to the last period.
  const whole = isComplete ? periods : periods.slice(0, -1)
  const page = whole.slice(0, limit)
  const last = page.at(-1)
  const hasMore = last !== undefined && (whole.length > limit || !isComplete)
  return {
    json: {
      items: page.map(presentUsage),
      cursor: hasMore ? encodePosition(list, [last.period_start]) : null,
    },
  }
}

/** Reads hours until there are enough of them, or none is left. */
async function readHours(
  usage: UsageReader,
  { from, to }: Period,
  maxHours: number,
  signal: AbortSignal,
): Promise<{ readonly hours: readonly UsageHour[]; readonly isComplete: boolean }> {
  const hours: UsageHour[] = []
  let next: number | undefined = Math.ceil(to / msPerHour)
  for (let request = 0; request < maxRequests && next !== undefined && hours.length < maxHours; request++) {
    const wanted = { from: Math.floor(from / msPerHour), to: next, maxHours: maxHours - hours.length }
    const page: Awaited<ReturnType<UsageReader['listHours']>> = await usage.listHours(wanted, signal)
    hours.push(...page.hours)
    next = page.next
  }
  return { hours, isComplete: next === undefined }
}

function presentUsage({ period_start, ...usage }: PeriodUsage) {
  return { period_start: isoTime(period_start), ...usage }
}

/** @returns ms since 1970: the start of the last period of the page before; undefined for the first page. @throws InvalidCursorError */
function parseUsagePosition(cursor: string | null, list: string): number | undefined {
  if (cursor === null) return undefined
  const [start, ...others] = parsePosition(cursor, list)
  if (!Number.isSafeInteger(start) || others.length > 0) throw new InvalidCursorError()
  return Number(start)
}
