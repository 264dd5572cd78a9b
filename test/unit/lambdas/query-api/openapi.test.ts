import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../../../lambdas/query-api/openapi.ts'
import { apiRoutes } from '../../../../lambdas/query-api/routes.ts'

type Response = { readonly $ref?: string; readonly headers?: object; readonly content?: object }
type Operation = { readonly operationId: string; readonly responses: Readonly<Record<string, Response>> }
type PathItem = { readonly get: Operation; readonly head: Operation; readonly parameters: readonly object[] }
type Document = {
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: { readonly responses: Readonly<Record<string, Response>>; readonly schemas: object }
}

const { paths, components } = openApiDocument() as Document
const items = Object.entries(paths)
const routeOf = (path: string) => apiRoutes.find((route) => `/api/${route.path}` === path)

describe('the OpenAPI document', () => {
  it.each(items)('names the status of every response to GET and HEAD on %s', (path, { get, head }) => {
    const route = routeOf(path)
    const errors = route
      ? ['400', '401', ...(route.requiresKnownId ? ['404'] : []), '405', '413', '429', '500', '503']
      : ['400', '405', '429', '503']
    const statuses = ['200', '304', ...errors]
    expect(Object.keys(get.responses)).toEqual(statuses)
    expect(Object.keys(head.responses)).toEqual(statuses)
  })

  it.each(items)('has no body in the responses to HEAD on %s', (_path, { get, head }) => {
    expect(Object.values(head.responses).filter(({ content }) => content !== undefined)).toEqual([])
    expect(head.responses[200]?.headers).toEqual(get.responses[200]?.headers)
    expect(get.responses[200]?.content).toHaveProperty(['application/json'])
  })

  it('has the headers of the responses', () => {
    expect(components.responses.MethodNotAllowed?.headers).toHaveProperty('Allow')
    expect(components.responses.Unauthorized?.headers).toHaveProperty('WWW-Authenticate')
    expect(components.responses.NotModified?.headers).toHaveProperty('ETag')
    for (const [path, { get }] of items) {
      const names = routeOf(path)?.offersCsv ? ['ETag', 'x-next-cursor'] : ['ETag']
      expect(Object.keys(get.responses[200]?.headers ?? {}), path).toEqual(names)
    }
  })

  it('has If-None-Match for every path, and Cache-Control for those whose responses are stored', () => {
    for (const [path, { parameters }] of items) {
      const references = JSON.stringify(parameters)
      expect(references, path).toContain('#/components/parameters/IfNoneMatch')
      expect(references.includes('#/components/parameters/CacheControl'), path).toBe(routeOf(path)?.isCached ?? false)
    }
  })

  it('has only references to what it contains, and each operation once', () => {
    const document = openApiDocument()
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path)
    for (const reference of new Set(references)) expect(document).toHaveProperty(reference.split('/'))
    const ids = items.flatMap(([, { get, head }]) => [get.operationId, head.operationId])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives 503 the format of API Gateway, and 429 either format, with Retry-After', () => {
    const schemasOf = (name: string) => JSON.stringify(components.responses[name]?.content)
    expect(components.responses.Unavailable?.headers).toBeUndefined()
    expect(components.responses.TooManyRequests?.headers).toHaveProperty(['Retry-After'])
    for (const name of ['TooManyRequests', 'Unavailable'])
      expect(schemasOf(name)).toContain('#/components/schemas/GatewayProblem')
    expect(schemasOf('TooManyRequests')).toContain('#/components/schemas/Problem')
  })
})
