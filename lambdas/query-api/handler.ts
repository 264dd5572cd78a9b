import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { TooManySessionsError } from '../../core/ports/meeting-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import * as paths from '../../names/paths.ts'
import { asError } from '../as-error.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { HttpError, notFound } from '../http-error.ts'
import { authorize } from './authorize.ts'
import { readBudgetMs, secretBudgetMs } from './budgets.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { jsonResponse, omitKnownBody, type RouteResult, toResponse } from './http-response.ts'
import { openApiDocument } from './openapi.ts'
import { parseQueryString } from './query-string.ts'
import { createRateCheck } from './rate-check.ts'
import { acceptedAgeMs, ResponseCache } from './response-cache.ts'
import type { ApiRoute } from './route.ts'
import { findRoute } from './routes.ts'

const apiPrefix = `${paths.api}/`

const allowedMethods: readonly string[] = ['GET', 'HEAD']

/** Headers of error responses, by status. */
const errorHeaders: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: allowedMethods.join(', ') },
  // The limit is one of each second.
  429: { 'retry-after': '1' },
}

/** Lambda's limit for the whole response as JSON, in which the quotes and backslashes of the body are escaped. */
const maxResponseBytes = 6 * 1024 * 1024

/** The query API (docs/contract.md, section 6) and the console. */
export function createHandler(dependencies: QueryApiDependencies) {
  const cache = new ResponseCache()
  const checkRate = createRateCheck(dependencies)
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .handler(async (request, context: Context) => {
      const publicResponse = respondWithoutToken(dependencies, request)
      if (publicResponse !== undefined) return publicResponse
      await authorize(request.headers.authorization, dependencies.tokens, Date.now() + secretBudgetMs)
      await checkRate()
      const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
      const response = await findOrRead(dependencies, cache, request, deadline)
      return omitKnownBody(response, request.headers['if-none-match'])
    })
    .onError((request) => {
      request.response = respondToError(dependencies, request.error)
    })
}

/** Serves the console and the OpenAPI document: they contain no data, and the sign-in page must load without a token. */
function respondWithoutToken(
  { consoleFile }: QueryApiDependencies,
  request: APIGatewayProxyEventV2,
): APIGatewayProxyStructuredResultV2 | undefined {
  const { rawPath, headers } = request
  const knownTag = headers['if-none-match']
  if (rawPath === `${paths.api}/openapi.json`) {
    assertAllowedMethod(request)
    parseQueryString(request.rawQueryString, [])
    return omitKnownBody(toResponse({ json: openApiDocument() }), knownTag)
  }
  if (rawPath !== paths.console && !rawPath.startsWith(`${paths.console}/`)) return undefined
  const file = consoleFile(rawPath.slice(paths.console.length))
  if (file !== undefined) assertAllowedMethod(request)
  return file?.respond(knownTag)
}

/** HEAD gets the response of GET: API Gateway sends its headers and its length, and drops the body. @throws HttpError 405. */
function assertAllowedMethod({ requestContext }: APIGatewayProxyEventV2): void {
  if (!allowedMethods.includes(requestContext.http.method)) throw new HttpError(405, 'only GET and HEAD are supported')
}

/** Responds with what was read for an earlier request if the route allows it and the caller accepts its age. */
async function findOrRead(
  dependencies: QueryApiDependencies,
  cache: ResponseCache,
  request: APIGatewayProxyEventV2,
  deadline: Deadline,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { rawPath, rawQueryString, headers } = request
  const path = rawPath.startsWith(apiPrefix) ? rawPath.slice(apiPrefix.length) : rawPath
  const found = findRoute(path)
  if (found === undefined) throw notFound('path', `${apiPrefix}${path}`)
  assertAllowedMethod(request)
  const key = `${path}?${rawQueryString}`
  const readAt = dependencies.now()
  const cached = cache.find(key, acceptedAgeMs(headers['cache-control']), readAt)
  if (cached !== undefined) return cached
  const response = toResponse(await runRoute(dependencies, found, request, deadline))
  if (Buffer.byteLength(JSON.stringify(response)) > maxResponseBytes)
    throw new HttpError(
      413,
      `the response exceeds 6 MB as JSON; use ${found.route.querySchema.shape.limit === undefined ? 'a shorter interval' : 'a smaller "limit"'}`,
    )
  if (found.route.isCached) cache.store(key, { response, readAt })
  return response
}

/** @throws DeadlineExceededError if reading takes longer than its budget. */
async function runRoute(
  dependencies: QueryApiDependencies,
  { route, id }: { readonly route: ApiRoute; readonly id: string },
  request: APIGatewayProxyEventV2,
  deadline: Deadline,
): Promise<RouteResult> {
  const result = await withBudget(readBudgetMs(deadline), 'no time was left to read the response', (signal) =>
    orAbort(route.respond(dependencies, id, request.rawQueryString, signal), signal),
  )
  // Every JSON response is checked against the schema in the OpenAPI document.
  return 'json' in result ? { json: route.responseSchema.parse(result.json) } : result
}

function respondToError({ logger }: QueryApiDependencies, error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof HttpError) {
    const { status, message } = error
    return jsonResponse(status, { ret: status, msg: message }, errorHeaders[status])
  }
  if (error instanceof InvalidCursorError)
    return jsonResponse(400, { ret: 400, msg: 'parameter "cursor" was not issued by this API for this list' })
  if (error instanceof TooManySessionsError)
    return jsonResponse(413, { ret: 413, msg: `${error.message}; use a shorter one, or a later "from"` })
  logger.error('query failed', asError(error))
  return jsonResponse(500, { ret: 500, msg: 'the query failed; see the log of query-api for the cause' })
}
