import { describe, expect, it } from 'vitest'
import { createApi, openRoom, token } from './test-api.ts'

const authorization = `Bearer ${token}`
const otherMethods = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
const notAllowed = { status: 405, headers: { allow: 'GET, HEAD' }, body: { ret: 405, msg: expect.any(String) } }

describe('a method other than GET and HEAD', () => {
  it.each(otherMethods)('gets 405 and the allowed methods for %s on a path of the query API', async (method) => {
    const { call, calls } = createApi()
    expect(await call({ path: '/api/rooms', method, headers: { authorization } })).toMatchObject(notAllowed)
    expect(calls).toEqual([])
  })

  it('gets 405 without a token from the OpenAPI document and the console', async () => {
    const { call } = createApi({ consoleFile: () => ({ respond: () => ({ statusCode: 200 }) }) })
    for (const path of ['/api/openapi.json', '/console', '/console/app.js'])
      expect(await call({ path, method: 'POST' }), path).toMatchObject(notAllowed)
  })

  it('gets 404 on a path that does not exist, whatever the method', async () => {
    for (const method of ['GET', 'HEAD', ...otherMethods])
      expect(await createApi().call({ path: '/api/nothing', method, headers: { authorization } })).toMatchObject({
        status: 404,
      })
  })
})

describe('GET /api/openapi.json', () => {
  it('takes no parameters, like every path that names none', async () => {
    const { call } = createApi()
    expect(await call({ path: '/api/openapi.json', query: 'version=3' })).toMatchObject({
      status: 400,
      body: { ret: 400, msg: 'parameter "version" is unknown; this path takes none' },
    })
    expect(await call({ path: '/api/openapi.json' })).toMatchObject({ status: 200 })
  })
})

describe('HEAD', () => {
  it.each(['/api/rooms', '/api/rooms/R', '/api/stats', '/api/openapi.json', '/api/nothing'])(
    'on %s gets the response to GET, whose body API Gateway drops',
    async (path) => {
      const { call } = createApi({ listRooms: async () => ({ items: [openRoom], cursor: null }) })
      const headers = { authorization }
      expect(await call({ path, method: 'HEAD', headers })).toEqual(await call({ path, headers }))
    },
  )

  it('needs the token as well', async () => {
    expect(await createApi().call({ path: '/api/rooms', method: 'HEAD' })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    })
  })
})
