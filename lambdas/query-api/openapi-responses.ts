import { z } from 'zod'
import * as headerNames from '../../names/headers.ts'
import { gatewayProblemSchema, problemSchema } from './response-schemas/errors.ts'

export type JsonObject = Record<string, unknown>
export type ToJsonSchema = (schema: z.ZodType, io?: 'input' | 'output') => JsonObject

type ErrorDescription = {
  /** The component's name. */
  readonly name: string
  readonly description: string
  readonly schema: z.ZodType
  readonly headers?: Readonly<Record<string, JsonObject>>
}

const describeHeader = (description: string) => ({ description, schema: { type: 'string' } })

export const entityTagHeader = { ETag: describeHeader('Identifies the body; send it in If-None-Match') }

export const nextCursorHeader = {
  [headerNames.nextCursor]: describeHeader('Files only: the cursor of the next part; absent after the last one'),
}

const throttled = 'without Retry-After: wait a second, and twice as long after each further one'

/** The errors of every path by status; 404 only if the path requires an id that exists. docs/contract.md, section 6. */
const errors: Readonly<Record<number, ErrorDescription>> = {
  400: {
    name: 'BadRequest',
    description: 'A parameter is unknown, invalid or repeated with different values; "msg" names it',
    schema: problemSchema,
  },
  401: {
    name: 'Unauthorized',
    description: 'The token is missing or wrong',
    schema: problemSchema,
    headers: { 'WWW-Authenticate': describeHeader('Bearer') },
  },
  404: { name: 'NotFound', description: 'There is no such room, user or media server', schema: problemSchema },
  405: {
    name: 'MethodNotAllowed',
    description: 'The response to any method other than GET and HEAD',
    schema: problemSchema,
    headers: { Allow: describeHeader('GET, HEAD') },
  },
  413: {
    name: 'TooLarge',
    description: 'The response would exceed 6 MB as JSON, or too many sessions would have to be read',
    schema: problemSchema,
  },
  429: {
    name: 'TooManyRequests',
    description: `There are more queries than the limit. Far beyond it, API Gateway sends its own format, ${throttled}`,
    schema: z.union([problemSchema, gatewayProblemSchema]),
    headers: { 'Retry-After': describeHeader('Seconds to wait') },
  },
  500: { name: 'Failed', description: 'The query failed', schema: problemSchema },
  503: {
    name: 'Unavailable',
    description: `The function is throttled or too slow. Sent by API Gateway, ${throttled}`,
    schema: gatewayProblemSchema,
  },
}

/** The responses of the document's `components`. */
export function describeSharedResponses(toSchema: ToJsonSchema): JsonObject {
  const described = Object.values(errors).map(({ name, schema, ...response }) => {
    // Wrapping the schema in an object makes the converter emit a reference to the component.
    const content = { 'application/json': { schema: toSchema(z.object({ body: schema }).shape.body) } }
    return [name, { ...response, content }] as const
  })
  return { NotModified: notModified, ...Object.fromEntries(described) }
}

const notModified = {
  description: 'The caller has the body already: its ETag is in If-None-Match',
  headers: entityTagHeader,
}

/** References to the responses other than 200, by status. @param omitted statuses that the path does not have. */
export function referToSharedResponses(omitted: readonly number[]): JsonObject {
  const references = errorsExcept(omitted).map(([status, { name }]) => [status, referTo(name)] as const)
  return { 304: referTo('NotModified'), ...Object.fromEntries(references) }
}

/** The responses other than 200 by status, without bodies, as HEAD gets them. */
export function describeBodilessResponses(omitted: readonly number[]): JsonObject {
  const described = errorsExcept(omitted).map(
    ([status, { name: _, schema: __, ...response }]) => [status, response] as const,
  )
  return { 304: referTo('NotModified'), ...Object.fromEntries(described) }
}

const errorsExcept = (omitted: readonly number[]) =>
  Object.entries(errors).filter(([status]) => !omitted.includes(Number(status)))

const referTo = (name: string) => ({ $ref: `#/components/responses/${name}` })
