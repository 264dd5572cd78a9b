import { z } from 'zod'
import { allTime, type Period } from '../../core/ports/period.ts'
import { HttpError } from '../http-error.ts'

const isoTimeWithOffset = z.iso.datetime({ offset: true })
/** ms: later times count as this one, which has four digits of the year in every time zone. */
const maxTime = Date.UTC(9999, 11, 31)

/** ISO 8601 with an offset, as ms since 1970. Seconds may be omitted, and a `+` may arrive as a space. */
const timeParameter = z
  .string()
  .transform((text, context) => {
    const sent = text.replace(/ (?=\d\d:\d\d$)/, '+').replace(/T(\d\d:\d\d)(?=[Z+-])/, 'T$1:00')
    if (isoTimeWithOffset.safeParse(sent).success) return Math.min(Date.parse(sent), maxTime)
    context.addIssue({
      code: 'custom',
      message: 'must be an ISO 8601 time with an offset, such as 2026-11-26T08:00:00+08:00 or 2026-11-26T00:00:00Z',
    })
    return z.NEVER
  })
  .optional()
  .meta({ format: 'date-time' })

/** The parameters of lists that can be limited to an interval (docs/contract.md, section 6). */
export const periodParameters = {
  from: timeParameter.describe('Start of the interval, inclusive: ISO 8601 with an offset'),
  to: timeParameter.describe('End of the interval, exclusive: ISO 8601 with an offset'),
}

type SentPeriod = { readonly from?: number | undefined; readonly to?: number | undefined }

/** Nothing happened before 1970, so an earlier start counts as that. @throws HttpError 400 if the interval is empty. */
export function toPeriod({ from: sentFrom = allTime.from, to = allTime.to }: SentPeriod): Period {
  const from = Math.max(sentFrom, allTime.from)
  if (from >= to) throw new HttpError(400, 'parameter "to" must be later than "from"')
  return { from, to }
}

/** Whether the caller limited the list to an interval. */
export function hasPeriod({ from, to }: SentPeriod): boolean {
  return from !== undefined || to !== undefined
}
