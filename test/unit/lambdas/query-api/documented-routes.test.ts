import { describe, expect, it } from 'vitest'
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
