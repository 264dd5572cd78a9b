import { z } from 'zod'
import { HttpError } from '../http-error.ts'
import { recordingStatuses } from './response-schemas.ts'

/** The query string of a request. */
export type Query = Readonly<Record<string, string | undefined>>

const limitError = 'must be a whole number from 1 to 1000'
export const pageQuery = z.object({
  limit: z.coerce
    .number({ error: limitError })
    .int(limitError)
    .min(1, limitError)
    .max(1000, limitError)
    .default(100)
    .describe('items on a page; a page may have fewer and not be the last'),
  cursor: z.string().nullable().default(null).describe('of the page before'),
})

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` })

export const roomsQuery = pageQuery.extend({ status: oneOf(['open', 'closed', 'all']).default('open') })

const ordered = { order: oneOf(['oldest', 'newest']).default('oldest') }

export const eventsQuery = pageQuery.extend(ordered)

export const csvQuery = pageQuery.extend({ format: oneOf(['json', 'csv']).default('json') })
export const roomSessionsQuery = csvQuery.extend(ordered)

export const recordingsQuery = pageQuery.extend({
  status: oneOf(recordingStatuses).optional(),
  room_id: z.string().optional(),
})

/** @throws HttpError 400 naming the parameter. */
export function checked<Schema extends z.ZodType>(schema: Schema, query: Query): z.output<Schema> {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HttpError(400, `parameter "${issue?.path.join('.')}" ${issue?.message}`)
}
