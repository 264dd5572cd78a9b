import { createHash, timingSafeEqual } from 'node:crypto'
import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { CatalogReader } from '../../core/ports/catalog-reader.ts'
import type { HealthReader } from '../../core/ports/health-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { RoomReader } from '../../core/ports/room-reader.ts'
import type { SessionReader } from '../../core/ports/session-reader.ts'
import { HttpError, notFound } from '../http-error.ts'
import type { ConsoleFile } from './console-files.ts'
import { csv, json, type Result } from './http-response.ts'
import { openApiDocument } from './openapi.ts'
import { findRoute } from './routes.ts'

export type HandlerDependencies = {
  readonly rooms: RoomReader
  readonly sessions: SessionReader
  readonly catalog: CatalogReader
  readonly health: HealthReader
  /** The bearer token that callers must present. */
  readonly token: () => Promise<string>
  /** A file of the console by its path below `/console`; undefined where there is none. */
  readonly consoleFile: (path: string) => ConsoleFile | undefined
  /** IANA zone of wire times that carry none. */
  readonly timeZone: string
  /** ms since 1970 */
  readonly now: () => number
  readonly logger: Logger
}

/** Bytes; Lambda hands over 6 MB at the most. */
const maxResponseBytes = 5 * 1024 * 1024

/** The query API (contract, section 6), and the page that shows it. */
export function createHandler(dependencies: HandlerDependencies) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .handler(async (request) => {
      const { rawPath, requestContext } = request
      const { method } = requestContext.http
      // These two hold no data: whoever is to sign in has no token yet.
      const file = /^\/console(\/|$)/.test(rawPath)
        ? dependencies.consoleFile(rawPath.slice('/console'.length))
        : undefined
      if (file !== undefined && method === 'GET') return file.answer(request.headers['if-none-match'])
      if (rawPath === '/api/openapi.json' && method === 'GET') return json(200, openApiDocument())
      await authorize(dependencies, request.headers.authorization)
      if (method !== 'GET') throw new HttpError(405, 'only GET is answered')
      const answered = toAnswer(await answer(dependencies, request))
      if (Buffer.byteLength(answered.body ?? '') > maxResponseBytes)
        throw new HttpError(
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
    throw new HttpError(401, 'send the API token: "Authorization: Bearer <token>"')
}

async function answer(dependencies: HandlerDependencies, request: APIGatewayProxyEventV2): Promise<Result> {
  // API Gateway has decoded the path once; an id may contain slashes, so the rest of the path is the id.
  const path = request.rawPath.replace(/^\/api\//, '')
  const found = findRoute(path)
  if (found === undefined) throw notFound(`/api/${path}`)
  const result = await found.route.answer(dependencies, found.id, request.queryStringParameters ?? {})
  // No answer leaves that is not what the OpenAPI document says.
  return 'json' in result ? { json: found.route.schema.parse(result.json) } : result
}

function toAnswer(result: Result): APIGatewayProxyStructuredResultV2 {
  return 'csv' in result ? csv(result) : json(200, result.json)
}

function refused({ logger }: HandlerDependencies, error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof HttpError) {
    const { status, message } = error
    return json(status, { ret: status, msg: message }, status === 401 ? { 'www-authenticate': 'Bearer' } : {})
  }
  if (error instanceof InvalidCursorError)
    return json(400, { ret: 400, msg: 'parameter "cursor" is not one given by this API' })
  logger.error('query failed', error instanceof Error ? error : new Error(String(error)))
  return json(500, { ret: 500, msg: 'the query failed; the log of query-api says why' })
}
