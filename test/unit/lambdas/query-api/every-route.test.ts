import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openApiDocument } from '../../../../lambdas/query-api/openapi.ts'
import { apiRoutes } from '../../../../lambdas/query-api/routes.ts'
import { createApi, token } from './test-api.ts'

/** Parameters without which a path does not respond. */
const required: Readonly<Record<string, string>> = {
  room: 'room_id=R',
  events: 'room_id=R',
  sessions: 'room_id=R',
  meetings: 'room_id=R',
  attendance: 'room_id=R',
  timeline: 'room_id=R&from=2024-11-24T00:00Z',
}

const routes = apiRoutes.map(({ path, querySchema }) => ({
  path: `/api/${path.replace(/\{\w+\}/, 'x')}`,
  described: `/api/${path}`,
  query: required[path] ?? '',
  names: Object.keys(querySchema.shape),
}))

const routesWith = (name: string) => routes.filter(({ names }) => names.includes(name))

const headers = { authorization: `Bearer ${token}` }
const notAllowed = { status: 405, headers: { allow: 'GET, HEAD' }, body: { ret: 405 } }

const pathsSchema = z.record(
  z.string(),
  z.object({
    parameters: z.array(
      z.looseObject({
        name: z.string().default(''),
        schema: z.looseObject({ enum: z.array(z.string()).optional() }).default({}),
      }),
    ),
  }),
)
const describedPaths = pathsSchema.parse(openApiDocument().paths)

/** Sets parameters of a query; others stay. */
function withParameters(query: string, parameters: Readonly<Record<string, string>>): string {
  return String(new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query)), ...parameters }))
}

/** Expects 400 with a message that names the parameter, and that nothing is read. */
async function expectRefused(path: string, query: string, name: string): Promise<void> {
  const { get, calls } = createApi()
  const msg = expect.stringContaining(`"${name}"`)
  expect(await get(path, query), query).toMatchObject({ status: 400, body: { ret: 400, msg } })
  expect(calls, query).toEqual([])
}

describe.each(routes)('$path', ({ path, described, query, names }) => {
  it('needs the token', async () => {
    const { call, calls } = createApi()
    expect(await call({ path, query })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(calls).toEqual([])
  })

  it('refuses other methods with 405 and the allowed ones', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { call, calls } = createApi()
      expect(await call({ path, query, method, headers })).toMatchObject(notAllowed)
      expect(calls).toEqual([])
    }
  })

  it('responds to HEAD like to GET', async () => {
    const { call } = createApi()
    expect(await call({ path, query, method: 'HEAD', headers })).toEqual(await call({ path, query, headers }))
  })

  it('gets 429 beyond queriesPerSecond', async () => {
    const { get, calls } = createApi({ queryRate: { maxPerSecond: 1, counter: { count: async () => 2 } } })
    expect(await get(path, query)).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: { ret: 429 } })
    expect(calls).toEqual([])
  })

  it('refuses every parameter that is repeated with another value, and counts an equal repetition once', async () => {
    for (const name of names) await expectRefused(path, `${name}=1&${name}=2`, name)
    const once = await createApi().get(path, query)
    expect(once.status).toBeOneOf([200, 404])
    expect(await createApi().get(path, `${query}&${query}`)).toEqual(once)
  })

  it('refuses every parameter with a value that the OpenAPI document does not have', async () => {
    for (const { name, schema } of describedPaths[described]?.parameters ?? []) {
      if (schema.enum === undefined) continue
      for (const value of ['', 'other', `${schema.enum[0]?.toUpperCase()}`])
        await expectRefused(path, withParameters(query, { [name]: value }), name)
    }
  })
})

describe('the parameter limit', () => {
  it.each(routesWith('limit'))('is refused outside 1 to 1000, and if it is not a number, by $path', async (route) => {
    for (const limit of ['0', '1001', '-1', 'abc', ''])
      await expectRefused(route.path, withParameters(route.query, { limit }), 'limit')
  })
})

describe('an interval', () => {
  it.each(routesWith('from'))('without an offset is refused by $path, and so is an empty one', async (route) => {
    const { path, query } = route
    for (const name of ['from', 'to'])
      for (const time of ['2024-11-24', '2024-11-24T12:00:00', '1732449600', 'yesterday', ''])
        await expectRefused(path, withParameters(query, { [name]: time }), name)
    const [noon, later] = ['2024-11-24T12:00:00Z', '2024-11-24T20:00:00.001+08:00']
    await expectRefused(path, withParameters(query, { from: noon, to: noon }), 'to')
    await expectRefused(path, withParameters(query, { from: later, to: noon }), 'to')
  })
})
