import { describe, expect, it } from 'vitest'
import { InvalidCursorError } from '../../../../core/ports/page.ts'
import { event } from '../../../support/events.ts'
import { createApi, noon, openRoom, roomDetailsAfter, token } from './test-api.ts'

const paths = ['/api/rooms', '/api/rooms/R', '/api/rooms/R/events', '/api/stats', '/api/nothing']
const problem = (status: number) => ({
  status,
  headers: { 'content-type': expect.stringContaining('application/json') },
  body: { ret: expect.any(Number), msg: expect.stringMatching(/./) },
})

describe('the authorization of the query API', () => {
  it.each(['', 'Bearer', 'Bearer ', 'Bearer wrong', `Basic ${token}`, token, `Bearer ${token}x`, `Bearer x ${token}`])(
    'rejects the header %j with 401 on every path, and reads nothing',
    async (authorization) => {
      for (const path of paths) {
        const { call, calls } = createApi()
        expect(await call({ path, headers: { authorization } })).toMatchObject(problem(401))
        expect(calls).toEqual([])
      }
    },
  )

  it('rejects a request without the header with 401 before checking anything else', async () => {
    expect(await createApi().call({ path: '/api/rooms' })).toMatchObject(problem(401))
    expect(await createApi().call({ path: '/api/rooms', query: 'limit=x', method: 'DELETE' })).toMatchObject(
      problem(401),
    )
  })

  it('rejects every request with 401 while the configured token is empty', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer '])
      expect(await createApi({ token: '' }).call({ path: '/api/rooms', headers: { authorization } })).toMatchObject({
        status: 401,
      })
  })

  it('accepts the token with the scheme in any case', async () => {
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`])
      expect(await createApi().call({ path: '/api/rooms', headers: { authorization } })).toMatchObject({
        status: 200,
      })
  })
})

describe('the query API with a method other than GET', () => {
  it.each(['POST', 'PUT', 'DELETE', 'HEAD'])('responds to %s with 405', async (method) => {
    const request = { path: '/api/rooms', method, headers: { authorization: `Bearer ${token}` } }
    expect(await createApi().call(request)).toMatchObject(problem(405))
  })
})

describe('the query API with an unknown path or id', () => {
  it.each(['/api/nothing', '/api/', '/api/rooms/', '/api/rooms/none', '/api/rooms/none/events', '/api/room', '/api/R'])(
    'responds to %s with 404',
    async (path) => {
      expect(await createApi().get(path)).toMatchObject(problem(404))
    },
  )
})

describe('the query API with an invalid parameter', () => {
  const limits = ['0', '1001', '-1', '1.5', 'x', '', '1,2', 'Infinity', 'NaN']

  it.each([
    ...limits.map((limit) => ['/api/rooms', `limit=${limit}`, 'limit']),
    ...limits.map((limit) => ['/api/rooms/R/events', `limit=${limit}`, 'limit']),
    ['/api/rooms', 'status=ajar', 'status'],
    ['/api/rooms', 'status=', 'status'],
    ['/api/rooms', 'status=OPEN', 'status'],
  ])('responds to %s?%s with 400 and names the parameter', async (path, query, name) => {
    const { get, calls } = createApi()
    expect(await get(path, query)).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name) } })
    expect(calls).toEqual([])
  })

  it('responds with 400 to a cursor that the API did not issue', async () => {
    const forged = () => Promise.reject(new InvalidCursorError())
    const { get } = createApi({ listRooms: forged, readTimeline: forged })
    for (const path of ['/api/rooms', '/api/rooms/R/events'])
      expect(await get(path, 'cursor=zz')).toMatchObject({
        status: 400,
        body: { msg: expect.stringContaining('cursor') },
      })
  })
})

describe('a failing store', () => {
  it('causes a response with 500 that does not contain the error message', async () => {
    const broken = { listRooms: () => Promise.reject(new Error('table gone')) }
    const response = await createApi(broken).get('/api/rooms')
    expect(response).toMatchObject(problem(500))
    expect(JSON.stringify(response)).not.toContain('table gone')
  })
})

describe('the lists of the query API', () => {
  it('have 100 items per page by default and accept limits from 1 to 1000', async () => {
    const { get, calls } = createApi()
    for (const query of ['', 'limit=1', 'limit=1000']) await get('/api/rooms', query)
    await get('/api/rooms/R/events', 'limit=250')
    const limits = calls.map((call) => call.at(-1))
    expect(limits).toMatchObject([{ limit: 100 }, { limit: 1 }, { limit: 1000 }, { limit: 250 }])
  })

  it('continue at the given cursor and return the next one', async () => {
    const { get, calls } = createApi({ listRooms: async () => ({ items: [openRoom], cursor: 'next' }) })
    expect(await get('/api/rooms', 'cursor=a%2Bb%3D')).toMatchObject({ body: { cursor: 'next' } })
    await get('/api/rooms')
    expect(calls.map((call) => call.at(-1))).toMatchObject([{ cursor: 'a+b=' }, { cursor: null }])
  })

  it('return an empty page after the last event of a room', async () => {
    expect(await createApi().get('/api/rooms/R/events', 'cursor=abc')).toMatchObject({
      status: 200,
      body: { items: [], cursor: null },
    })
  })

  it('filter rooms by status', async () => {
    const { get, calls } = createApi()
    for (const status of ['open', 'closed', 'all']) await get('/api/rooms', `status=${status}`)
    expect(calls.map(([, status]) => status)).toEqual(['open', 'closed', 'all'])
  })
})

describe('a room id in a path', () => {
  const known = { readRoom: async () => roomDetailsAfter([event('open', {}, { at: noon })], noon) }

  it.each(['a/b', '/', 'a//b/', '100%', '%2F', '王 房间', 'a?b#c', '..', 'rooms', 'line\nend'])(
    'may be %j after decoding by API Gateway',
    async (roomId) => {
      const { get, calls } = createApi(known)
      expect(await get(`/api/rooms/${roomId}`)).toMatchObject({
        status: 200,
        body: { room: { room_id: roomId } },
      })
      await get(`/api/rooms/${roomId}/events`)
      expect(calls.map(([method, id]) => [method, id])).toEqual([
        ['readRoom', roomId],
        ['readTimeline', roomId],
      ])
    },
  )
})
