import { z } from 'zod'
import * as paths from '../../names/paths.ts'
import { release } from '../../names/release.ts'
import { xlsxType } from './http-response.ts'
import {
  describeBodilessResponses,
  describeSharedResponses,
  entityTagHeader,
  type JsonObject,
  nextCursorHeader,
  referToSharedResponses,
  type ToJsonSchema,
} from './openapi-responses.ts'
import type { ApiRoute } from './route.ts'
import { apiRoutes } from './routes.ts'

let document: JsonObject | undefined

/** The OpenAPI 3.1 document of the query API, generated from the schemas that validate requests and responses. */
export function openApiDocument(): JsonObject {
  document ??= buildDocument()
  return document
}

function buildDocument(): JsonObject {
  const schemas: JsonObject = {}
  const toSchema = schemaConverter(schemas)
  const routes = apiRoutes.map((route) => [`${paths.api}/${route.path}`, describeRoute(route, toSchema)] as const)
  const responses = describeSharedResponses(toSchema)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Northbound query API',
      version: release,
      description:
        'Rooms, participants, recordings and media servers of a 3TEE AVD installation; read-only. 叁体 AVD 的房间、用户、录制和媒体服务器，只读查询。',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: { ...Object.fromEntries(routes), [`${paths.api}/openapi.json`]: describeDocument() },
    components: { schemas, responses, parameters, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

const parameters = {
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'ETags of known responses, separated by commas, or *; a match gets 304 without a body',
    schema: { type: 'string' },
  },
  CacheControl: {
    name: 'Cache-Control',
    in: 'header',
    description: 'max-age=N accepts a response that is up to N seconds old',
    schema: { type: 'string' },
  },
}

const ifNoneMatch = { $ref: '#/components/parameters/IfNoneMatch' }
const cacheControl = { $ref: '#/components/parameters/CacheControl' }

function describeDocument(): JsonObject {
  const summary = 'This document'
  const success = { description: 'The OpenAPI 3.1 document', headers: entityTagHeader }
  const content = { 'application/json': { schema: { type: 'object' } } }
  const omitted = [401, 404, 413, 500]
  const responses = { 200: { ...success, content }, ...referToSharedResponses(omitted) }
  return {
    summary,
    parameters: [ifNoneMatch],
    get: { summary, operationId: 'openapi', security: [], responses },
    head: {
      operationId: 'openapiHead',
      security: [],
      responses: { 200: success, ...describeBodilessResponses(omitted) },
    },
  }
}

function describeRoute(route: ApiRoute, toSchema: ToJsonSchema): JsonObject {
  const { path, summary, responseSchema, offersCsv, offersXlsx, requiresKnownId } = route
  const omitted = requiresKnownId ? [] : [404]
  const operationId = path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, '')
  const success = { description: summary, headers: { ...entityTagHeader, ...(offersCsv && nextCursorHeader) } }
  const content = {
    'application/json': { schema: toSchema(responseSchema) },
    ...(offersCsv && { 'text/csv': { schema: { type: 'string' } } }),
    ...(offersXlsx && { [xlsxType]: { schema: { type: 'string', format: 'binary' } } }),
  }
  return {
    summary,
    parameters: describeParameters(route, toSchema),
    get: {
      summary,
      operationId,
      responses: { 200: { ...success, content }, ...referToSharedResponses(omitted) },
    },
    head: {
      operationId: `${operationId}Head`,
      responses: { 200: success, ...describeBodilessResponses(omitted) },
    },
  }
}

function describeParameters({ path, querySchema, isCached }: ApiRoute, toSchema: ToJsonSchema): JsonObject[] {
  const pathNames = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const pathParameters = pathNames.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const queryParameters = Object.entries(querySchema.shape).map(([name, parameter]) => {
    const { description, ...schema } = toSchema(parameter as z.ZodType, 'input')
    const required = !z.safeParse(parameter as z.ZodType, undefined).success
    return { name, in: 'query', required, ...(description === undefined ? {} : { description }), schema }
  })
  return [...pathParameters, ...queryParameters, ifNoneMatch, ...(isCached ? [cacheControl] : [])]
}

/** Converts zod schemas to JSON Schema and collects named schemas in `components`. */
function schemaConverter(components: JsonObject): ToJsonSchema {
  return (schema, io = 'output') => {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject
    for (const [name, definition] of Object.entries($defs as JsonObject))
      components[name] = referToComponents(definition)
    return referToComponents(rest) as JsonObject
  }
}

function referToComponents(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(referToComponents)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace('#/$defs/', '#/components/schemas/')]
        : [key, referToComponents(value)],
    ),
  )
}
