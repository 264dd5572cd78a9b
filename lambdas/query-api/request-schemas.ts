import { z } from 'zod'
import { languages } from '../../core/presentation/tables.ts'
import { isSearchable } from '../../core/search/text-filter.ts'
import { usagePeriods } from '../../core/usage/summarize-usage.ts'
import { HttpError } from '../http-error.ts'
import { periodParameters } from './period.ts'
import type { QueryString } from './query-string.ts'
import { recordingStatuses } from './response-schemas/rooms.ts'

const limitError = 'must be a whole number from 1 to 1000'

export const pageQuery = z.object({
  limit: z
    .int(limitError)
    .min(1, limitError)
    .max(1000, limitError)
    .default(100)
    .describe('Maximum number of items; a page may have fewer items and still not be the last'),
  cursor: z
    .string()
    .default('')
    .transform((cursor) => (cursor === '' ? null : cursor))
    .describe('Cursor from the previous page; empty for the first page'),
})

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` })

const orderParameter = { order: oneOf(['oldest', 'newest']).default('oldest') }

const nonEmptyId = z.string().min(1, 'must not be empty').optional()

const searchText = z
  .string()
  .max(256, 'must have at most 256 characters')
  .refine(isSearchable, 'must not be empty')
  .optional()

export const roomsQuery = pageQuery.extend({
  status: oneOf(['open', 'closed', 'all']).default('open'),
  room_id: nonEmptyId.describe('Lists only this room, if it has the status'),
  from: periodParameters.from.describe('Lists only rooms closed, or open rooms opened, at this time or later'),
  to: periodParameters.to.describe('Lists only rooms closed, or open rooms opened, before this time'),
  q: searchText.describe('Lists only rooms with this text in the name or the id, in any case'),
})

/** The participants of a room are paged. */
export const roomPageQuery = pageQuery.extend({
  present: oneOf(['true', 'false']).default('false').describe('Whether to return only participants in the room'),
})

const requiredId = { room_id: z.string({ error: 'is required' }).min(1, 'is required') }

export const roomQuery = roomPageQuery.extend(requiredId)

export const roomEventsQuery = pageQuery.extend({
  ...periodParameters,
  ...orderParameter,
  user_id: nonEmptyId.describe('Lists only events of this participant'),
  event: z.string().min(1, 'must not be empty').optional().describe('Lists only events of this kind, as sent'),
})

export const eventsQuery = roomEventsQuery.extend({
  room_id: nonEmptyId.describe('The room whose events to return; either this or box_code is required'),
  box_code: nonEmptyId.describe('The media server whose warnings to return; either this or room_id is required'),
})

export const userSessionsQuery = pageQuery.extend({
  from: periodParameters.from.describe('Lists only sessions that ended after this time, or have not ended'),
  to: periodParameters.to.describe('Lists only sessions that began before this time'),
  format: oneOf(['json', 'csv']).default('json'),
})

export const roomSessionsQuery = userSessionsQuery.extend(orderParameter)

export const sessionsQuery = userSessionsQuery.extend({
  room_id: nonEmptyId.describe('The room whose sessions to return; either this or user_id is required'),
  user_id: nonEmptyId.describe('The user whose sessions to return; either this or room_id is required'),
  order: oneOf(['oldest', 'newest'])
    .optional()
    .describe('By start; oldest first by default for a room; the sessions of a user are always newest first'),
})

const fileParameters = {
  format: oneOf(['json', 'csv', 'xlsx']).default('json'),
  lang: oneOf(languages).default('en').describe('The language of the titles in a file'),
}

export const meetingsQuery = pageQuery.extend({
  ...requiredId,
  ...periodParameters,
  ...orderParameter,
  ...fileParameters,
})

export const attendanceQuery = pageQuery.extend({
  ...requiredId,
  ...periodParameters,
  ...fileParameters,
})

export const timelineQuery = z.object({
  ...requiredId,
  from: periodParameters.from
    .pipe(z.number({ error: 'is required' }))
    .describe('Start of the interval, inclusive: ISO 8601 with an offset'),
  to: periodParameters.to.describe('End of the interval, exclusive; now by default'),
})

export const callbacksQuery = z.object({
  from: periodParameters.from.describe('Start of the interval, at most 31 days before its end; midnight by default'),
  to: periodParameters.to.describe('End of the interval; now by default'),
})

export const recordingsQuery = pageQuery.extend({
  ...periodParameters,
  status: oneOf(recordingStatuses).optional(),
  room_id: nonEmptyId,
  format: oneOf(['json', 'csv']).default('json'),
})

export const peopleQuery = pageQuery.extend({
  q: searchText.describe('Lists only people with this text in the name or the id, in any case and width'),
})

export const usageQuery = pageQuery.extend({
  ...periodParameters,
  period: oneOf(usagePeriods).default('day').describe('What each item sums up, in the time zone of the installation'),
})

/** @throws HttpError 400, with a message that names the invalid parameter. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, query: QueryString): z.output<Schema> {
  const { limit } = query
  const parsed = schema.safeParse(limit === undefined ? query : { ...query, limit: parseDigits(limit) })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HttpError(400, `parameter "${issue?.path.join('.')}" ${issue?.message}`)
}

/** Converts only digits: JavaScript also reads other notations, such as `1e2`, as numbers. The schema rejects texts. */
function parseDigits(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}
