import type { z } from 'zod'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { parseQueryString } from './query-string.ts'
import { parseQuery } from './request-schemas.ts'

type RouteDescription = {
  /** Below `/api/`, in OpenAPI notation, with at most one parameter. */
  readonly path: string
  readonly summary: string
  readonly querySchema: z.ZodObject
  /** The JSON response. */
  readonly responseSchema: z.ZodType
  readonly offersCsv?: true
  readonly offersXlsx?: true
  /** Whether it responds with 404 if nothing is known about the room or user in the request. */
  readonly requiresKnownId?: true
  /** Whether a response may be sent again to callers that accept its age. */
  readonly isCached?: true
}

export type RouteRequest<Query> = {
  /** The path parameter; empty if the path has none. */
  readonly id: string
  readonly query: Query
  /** Whether the caller set `limit`, or the default applies. */
  readonly hasLimit: boolean
  /** Aborts when the time for reading is up. */
  readonly signal: AbortSignal
}

/** One route of the API. Its schemas validate requests and responses and generate the OpenAPI document. */
export type ApiRoute = RouteDescription & {
  readonly pattern: RegExp
  /** @param rawQueryString as sent. @throws HttpError 400 for an invalid query, 404 if there is no such room or user. */
  readonly respond: (
    dependencies: QueryApiDependencies,
    id: string,
    rawQueryString: string,
    signal: AbortSignal,
  ) => Promise<RouteResult>
}

export function defineRoute<Schema extends z.ZodObject>(
  route: RouteDescription & {
    readonly querySchema: Schema
    readonly respond: (
      dependencies: QueryApiDependencies,
      request: RouteRequest<z.output<Schema>>,
    ) => Promise<RouteResult>
  },
): ApiRoute {
  return {
    ...route,
    pattern: patternOf(route.path),
    async respond(dependencies, id, rawQueryString, signal) {
      const queryString = parseQueryString(rawQueryString, Object.keys(route.querySchema.shape))
      const query = parseQuery(route.querySchema, queryString)
      return route.respond(dependencies, { id, query, hasLimit: queryString.limit !== undefined, signal })
    },
  }
}

/** A parameter matches slashes and newlines: API Gateway has already decoded the path, and ids may contain them. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/, '(.+)')}$`, 's')
}
