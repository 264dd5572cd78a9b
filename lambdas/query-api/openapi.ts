import { z } from 'zod'
import { problemSchema } from './response-schemas.ts'
import { type ApiPath, apiPaths } from './routes.ts'

type Json = Record<string, unknown>

let made: Json | undefined

/** The OpenAPI 3.1 document of the query API, from the schemas that check its answers. */
export function openApiDocument(): Json {
  made ??= makeDocument()
  return made
}

function makeDocument(): Json {
  const schemas: Json = {}
  /** Named schemas become components; the rest stays where it is. */
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output') => {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
    for (const [name, one] of Object.entries($defs as Json)) schemas[name] = inComponents(one)
    return inComponents(rest)
  }
  const problem = (description: string) => ({
    description,
    content: { 'application/json': { schema: schemaOf(z.object({ problem: problemSchema }).shape.problem) } },
  })
  const paths = apiPaths.map((path) => [`/api/${path.path}`, { get: operationOf(path, schemaOf, problem) }] as const)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Northbound query API',
      version: '1.0.0',
      description:
        'What is known of the rooms, people, recordings and boxes of a 3TEE AVD installation. Read only. 只读查询接口。',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: Object.fromEntries([
      ...paths,
      [
        '/api/openapi.json',
        {
          get: {
            summary: 'This document',
            operationId: 'openapi',
            security: [],
            responses: {
              200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
            },
          },
        },
      ],
    ]),
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function operationOf(
  { path, summary, query, schema, givesCsv }: ApiPath,
  schemaOf: (schema: z.ZodType, io?: 'input' | 'output') => unknown,
  problem: (description: string) => Json,
): Json {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const inQuery = Object.entries(query.shape).map(([name, one]) => {
    const { description, ...own } = schemaOf(one as z.ZodType, 'input') as Json
    return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema: own }
  })
  const content = {
    'application/json': { schema: schemaOf(schema) },
    ...(givesCsv && { 'text/csv': { schema: { type: 'string' } } }),
  }
  return {
    summary,
    operationId: path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, ''),
    parameters: [...inPath, ...inQuery],
    responses: {
      200: { description: summary, content },
      400: problem('A parameter is wrong; msg names it'),
      401: problem('The token is missing or wrong'),
      ...(names.length > 0 && { 404: problem('It does not exist') }),
      413: problem('The answer would be larger than 5 MB'),
    },
  }
}

/** A schema whose references point to the components of the document. */
function inComponents(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(inComponents)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace('#/$defs/', '#/components/schemas/')]
        : [key, inComponents(value)],
    ),
  )
}
