import { createHash, timingSafeEqual } from 'node:crypto'
import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { z } from 'zod'
import { roomAnswer, statsAnswer, timelineAnswer, wholeRoomAnswer } from './answers.ts'
import { BadCursor, type HealthReader, type RoomReader } from './readers.ts'

export type HandlerDependencies = {
  readonly rooms: RoomReader
  readonly health: HealthReader
  /** The bearer token that callers must present. */
  readonly token: () => Promise<string>
  /** IANA zone of wire times that carry none. */
  readonly timeZone: string
  readonly logger: Logger
}

class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Bytes; Lambda hands over 6 MB at the most. */
const largestAnswer = 5 * 1024 * 1024

const notFound = (what: string) => new Refusal(404, `${what} does not exist`)

/** The query API (contract, section 6). */
export function createHandler(dependencies: HandlerDependencies) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .handler(async (request) => {
      await authorize(dependencies, request.headers.authorization)
      if (request.requestContext.http.method !== 'GET') throw new Refusal(405, 'only GET is answered')
      const answered = json(200, await answer(dependencies, request))
      if (Buffer.byteLength(answered.body ?? '') > largestAnswer)
        throw new Refusal(
          413,
          'the answer is larger than 5 MB; ask for less with "limit", or for the events of the room',
        )
      return answered
    })
    .onError((request) => {
      request.response = refused(dependencies, request.error)
    })
}

async function authorize({ token }: HandlerDependencies, header: string | undefined): Promise<void> {
  const presented = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? ''
  // Digests have one length, and comparing them tells nothing of the token.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = await token()
  if (expected === '' || !timingSafeEqual(digest(presented), digest(expected)))
    throw new Refusal(401, 'send the API token: "Authorization: Bearer <token>"')
}

const pageQuery = z.object({
  limit: z.coerce
    .number({ error: 'must be a whole number from 1 to 1000' })
    .int('must be a whole number from 1 to 1000')
    .min(1, 'must be a whole number from 1 to 1000')
    .max(1000, 'must be a whole number from 1 to 1000')
    .default(100),
  cursor: z.string().nullable().default(null),
})

const roomsQuery = pageQuery.extend({
  status: z.enum(['open', 'closed', 'all'], { error: 'must be open, closed or all' }).default('open'),
})

async function answer(
  { rooms, health, timeZone }: HandlerDependencies,
  request: APIGatewayProxyEventV2,
): Promise<unknown> {
  // API Gateway has decoded the path once; an id may contain slashes, so the rest of the path is the id.
  const path = request.rawPath.replace(/^\/api\//, '')
  const query = request.queryStringParameters ?? {}
  if (path === 'rooms') {
    const { status, ...page } = checked(roomsQuery, query)
    const { items, cursor } = await rooms.listRooms(status, page)
    return { items: items.map(roomAnswer), cursor }
  }
  if (path === 'stats') {
    const [open, figures] = await Promise.all([rooms.countOpen(), health.read()])
    return statsAnswer(open, figures)
  }
  const [, roomId = '', , timeline] = /^rooms\/(.+?)(\/(events))?$/s.exec(path) ?? []
  if (roomId === '') throw notFound(`/api/${path}`)
  if (timeline !== undefined) {
    const page = checked(pageQuery, query)
    const { items, cursor } = await rooms.readTimeline(roomId, page)
    // A page behind the last one is empty; a room without a single event does not exist.
    if (items.length === 0 && page.cursor === null) throw notFound(`room ${JSON.stringify(roomId)}`)
    return { items: items.map(timelineAnswer), cursor }
  }
  const room = wholeRoomAnswer(roomId, await rooms.readRoom(roomId), timeZone)
  if (room === undefined) throw notFound(`room ${JSON.stringify(roomId)}`)
  return room
}

/** @throws Refusal 400 naming the parameter. */
function checked<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Refusal(400, `parameter "${issue?.path.join('.')}" ${issue?.message}`)
}

function refused({ logger }: HandlerDependencies, error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof Refusal) {
    const { status, message } = error
    return json(status, { ret: status, msg: message }, status === 401 ? { 'www-authenticate': 'Bearer' } : {})
  }
  if (error instanceof BadCursor) return json(400, { ret: 400, msg: 'parameter "cursor" is not one given by this API' })
  logger.error('query failed', error instanceof Error ? error : new Error(String(error)))
  return json(500, { ret: 500, msg: 'the query failed; the log of query-api says why' })
}

function json(statusCode: number, body: unknown, headers = {}): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}
