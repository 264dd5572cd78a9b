import { z } from 'zod'
import * as paths from '../../names/paths.ts'
import { problemSchema } from './response-schemas.ts'
import type { ApiRoute } from './route.ts'
import { apiRoutes } from './routes.ts'

type JsonObject = Record<string, unknown>
type ToJsonSchema = (schema: z.ZodType, io?: 'input' | 'output') => JsonObject

let document: JsonObject | undefined

/** The OpenAPI 3.1 document of the query API, generated from the schemas that validate requests and responses. */
export function openApiDocument(): JsonObject {
  document ??= buildDocument()
  return document
}

function buildDocument(): JsonObject {
  const schemas: JsonObject = {}
  const toSchema = schemaConverter(schemas)
  const operations = apiRoutes.map(
    (route) => [`${paths.api}/${route.path}`, { get: describeRoute(route, toSchema) }] as const,
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Northbound query API',
      version: '1.0.0',
      description:
        'Rooms, participants, recordings and media servers of a 3TEE AVD installation. Read-only. 只读查询接口。',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: { ...Object.fromEntries(operations), [`${paths.api}/openapi.json`]: { get: describeDocument() } },
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function describeDocument(): JsonObject {
  return {
    summary: 'This document',
    operationId: 'openapi',
    security: [],
    responses: {
      200: {
        description: 'The OpenAPI 3.1 document',
        content: { 'application/json': { schema: { type: 'object' } } },
      },
    },
  }
}

function describeRoute(
  { path, summary, querySchema, responseSchema, offersCsv, requiresKnownId }: ApiRoute,
  toSchema: ToJsonSchema,
): JsonObject {
  const pathNames = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const pathParameters = pathNames.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const queryParameters = Object.entries(querySchema.shape).map(([name, parameter]) => {
    const { description, ...schema } = toSchema(parameter as z.ZodType, 'input')
    const required = !z.safeParse(parameter as z.ZodType, undefined).success
    return { name, in: 'query', required, ...(description === undefined ? {} : { description }), schema }
  })
  const content = {
    'application/json': { schema: toSchema(responseSchema) },
    ...(offersCsv && { 'text/csv': { schema: { type: 'string' } } }),
  }
  const problem = (description: string) => ({
    description,
    // Wrapping the schema in an object makes the converter emit a reference to the component.
    content: { 'application/json': { schema: toSchema(z.object({ problem: problemSchema }).shape.problem) } },
  })
  return {
    summary,
    operationId: path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, ''),
    parameters: [...pathParameters, ...queryParameters],
    responses: {
      200: { description: summary, content },
      304: { description: 'The caller has the response already: its ETag is in If-None-Match' },
      400: problem('A parameter is invalid; "msg" names it'),
      401: problem('The token is missing or wrong'),
      ...(requiresKnownId && { 404: problem('There is no such room or user') }),
      413: problem('The response would exceed 6 MB as JSON'),
    },
  }
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
