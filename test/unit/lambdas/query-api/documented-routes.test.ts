import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openApiDocument } from '../../../../lambdas/query-api/openapi.ts'
import { apiRoutes } from '../../../../lambdas/query-api/routes.ts'
import { read } from '../../../support/documents.ts'

/** The paths in the first cells of the tables of a page, without queries. */
const pathsIn = (page: string) =>
  read(page)
    .split('\n')
    .filter((line) => line.startsWith('| `GET /api/'))
    .flatMap((line) => [
      ...line
        .split(/(?<!\\)\|/)
        .slice(0, 2)
        .join()
        .matchAll(/GET \/api\/([^`?]+)/g),
    ])
    .map(([, path = '']) => path)

const paths = [...apiRoutes.map(({ path }) => path), 'openapi.json'].toSorted()

describe.each(['docs/contract.md', 'docs/api.md', 'docs/api.zh-CN.md'])('the paths of the query API in %s', (page) => {
  it('are those of the routes', () => {
    expect([...new Set(pathsIn(page))].toSorted()).toEqual(paths)
  })
})

/** The paging of lists, which the pages describe once for all. */
const paging: readonly string[] = ['limit', 'cursor']
const queries = apiRoutes.map(({ path, querySchema }) => ({ path, names: Object.keys(querySchema.shape) }))

interface Row {
  readonly paths: readonly string[]
  readonly names: readonly string[]
  /** With those of the row before, if this row says that it gives the same. */
  readonly allNames: readonly string[]
}

/** The rows of the tables of a page with their query parameters. References to other paths, such as `/api/stats`, are skipped. */
function rowsOf(page: string): Row[] {
  const rows: Row[] = []
  const lines = read(page).split('\n')
  for (const line of lines.filter((each) => each.startsWith('| `GET /api/'))) {
    const paths = [...line.matchAll(/GET \/api\/([^`?]+)/g)].map(([, path = '']) => path)
    const names = [...line.replace(/`\/api\/[^`]*`/g, '').matchAll(/[?&](\w+)=/g)].map(([, name = '']) => name)
    const previous = /\| (the same|同上)/.test(line) ? (rows.at(-1)?.names ?? []) : []
    rows.push({ paths, names, allNames: [...names, ...previous] })
  }
  return rows
}

describe.each(['docs/contract.md', 'docs/api.md', 'docs/api.zh-CN.md'])('the query parameters in %s', (page) => {
  const rows = rowsOf(page)

  it.each(queries)('include all of $path', ({ path, names }) => {
    const documented = rows.filter(({ paths }) => paths.includes(path)).flatMap(({ allNames }) => allNames)
    expect(names.filter((name) => !documented.includes(name) && !paging.includes(name))).toEqual([])
  })

  it.each(rows)('are known to $paths', ({ paths, names }) => {
    const known = queries.filter(({ path }) => paths.includes(path)).flatMap((query) => query.names)
    expect(names.filter((name) => !known.includes(name))).toEqual([])
  })
})

const parameterSchema = z.looseObject({ name: z.string().optional(), in: z.string().optional() })
const pathsSchema = z.record(z.string(), z.object({ parameters: z.array(parameterSchema) }))

describe('the query parameters in the OpenAPI document', () => {
  it.each(queries)('are those of $path', ({ path, names }) => {
    const described = pathsSchema.parse(openApiDocument().paths)[`/api/${path}`]?.parameters ?? []
    expect(described.filter((each) => each.in === 'query').map(({ name }) => name)).toEqual(names)
  })
})
