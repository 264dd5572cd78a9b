import { z } from 'zod'
import { allTime, type Period } from '../../core/ports/period.ts'
import { HttpError } from '../http-error.ts'

const isoTimeWithOffset = z.iso.datetime({ offset: true })

/** ISO 8601 with an offset, as ms since 1970. Seconds may be omitted, and a `+` may arrive as a space. */
const timeParameter = z
  .string()
  .transform((text, context) => {
    const sent = text.replace(/ (?=\d\d:\d\d$)/, '+').replace(/T(\d\d:\d\d)(?=[Z+-])/, 'T$1:00')
    if (isoTimeWithOffset.safeParse(sent).success) return Date.parse(sent)
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

/** @throws HttpError 400 if the interval is empty. */
export function toPeriod({ from = allTime.from, to = allTime.to }: SentPeriod): Period {
  if (from >= to) throw new HttpError(400, 'parameter "to" must be later than "from"')
  return { from: Math.max(from, allTime.from), to: Math.max(to, allTime.from) }
}

/** Whether the caller limited the list to an interval. */
export function hasPeriod({ from, to }: SentPeriod): boolean {
  return from !== undefined || to !== undefined
}
