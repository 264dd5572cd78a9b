import { describe, expect, it } from 'vitest'
import { InvalidCursorError } from '../../../../core/ports/page.ts'
import { event } from '../../../support/events.ts'
import { api, noon, openRoom, token, wholeRoom } from './queries.ts'

const paths = ['/api/rooms', '/api/rooms/R', '/api/rooms/R/events', '/api/stats', '/api/nothing']
const problem = (status: number) => ({
  status,
  headers: { 'content-type': expect.stringContaining('application/json') },
  body: { ret: expect.any(Number), msg: expect.stringMatching(/./) },
})

describe('401', () => {
  it.each(['', 'Bearer', 'Bearer ', 'Bearer wrong', `Basic ${token}`, token, `Bearer ${token}x`, `Bearer x ${token}`])(
    'for the header %j, on every path, and nothing is read',
    async (authorization) => {
      for (const path of paths) {
        const { call, asked } = api()
        expect(await call({ path, headers: { authorization } })).toMatchObject(problem(401))
        expect(asked).toEqual([])
      }
    },
  )

  it('without the header, before anything else is checked', async () => {
    expect(await api().call({ path: '/api/rooms' })).toMatchObject(problem(401))
    expect(await api().call({ path: '/api/rooms', query: 'limit=x', method: 'DELETE' })).toMatchObject(problem(401))
  })

  it('for every header where no token is set: an empty one opens nothing', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer '])
      expect(await api({ token: '' }).call({ path: '/api/rooms', headers: { authorization } })).toMatchObject({
        status: 401,
      })
  })

  it('not for the token, whatever the case of its scheme', async () => {
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`])
      expect(await api().call({ path: '/api/rooms', headers: { authorization } })).toMatchObject({ status: 200 })
  })
})

describe('405', () => {
  it.each(['POST', 'PUT', 'DELETE', 'HEAD'])('for %s', async (method) => {
    const request = { path: '/api/rooms', method, headers: { authorization: `Bearer ${token}` } }
    expect(await api().call(request)).toMatchObject(problem(405))
  })
})

describe('404', () => {
  it.each(['/api/nothing', '/api/', '/api/rooms/', '/api/rooms/none', '/api/rooms/none/events', '/api/room', '/api/R'])(
    'for %s',
    async (path) => {
      expect(await api().get(path)).toMatchObject(problem(404))
    },
  )

  it('not for a page behind the last event of a room: that is empty', async () => {
    expect(await api().get('/api/rooms/R/events', 'cursor=abc')).toMatchObject({
      status: 200,
      body: { items: [], cursor: null },
    })
  })
})

describe('400', () => {
  const limits = ['0', '1001', '-1', '1.5', 'x', '', '1,2', 'Infinity', 'NaN']

  it.each([
    ...limits.map((limit) => ['/api/rooms', `limit=${limit}`, 'limit']),
    ...limits.map((limit) => ['/api/rooms/R/events', `limit=${limit}`, 'limit']),
    ['/api/rooms', 'status=ajar', 'status'],
    ['/api/rooms', 'status=', 'status'],
    ['/api/rooms', 'status=OPEN', 'status'],
  ])('for %s?%s, with a msg that names the parameter', async (path, query, name) => {
    const { get, asked } = api()
    expect(await get(path, query)).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name) } })
    expect(asked).toEqual([])
  })

  it('for a cursor that is not one of ours', async () => {
    const forged = () => Promise.reject(new InvalidCursorError())
    const { get } = api({ listRooms: forged, readTimeline: forged })
    for (const path of ['/api/rooms', '/api/rooms/R/events'])
      expect(await get(path, 'cursor=zz')).toMatchObject({
        status: 400,
        body: { msg: expect.stringContaining('cursor') },
      })
  })
})

describe('500', () => {
  it('where a store fails, without its words', async () => {
    const broken = { listRooms: () => Promise.reject(new Error('table gone')) }
    const answer = await api(broken).get('/api/rooms')
    expect(answer).toMatchObject(problem(500))
    expect(JSON.stringify(answer)).not.toContain('table gone')
  })
})

describe('a list', () => {
  it('has 100 items unless asked for 1 to 1000', async () => {
    const { get, asked } = api()
    for (const query of ['', 'limit=1', 'limit=1000']) await get('/api/rooms', query)
    await get('/api/rooms/R/events', 'limit=250')
    const limits = asked.map((call) => call.at(-1))
    expect(limits).toMatchObject([{ limit: 100 }, { limit: 1 }, { limit: 1000 }, { limit: 250 }])
  })

  it('goes on from its cursor, and gives the next one', async () => {
    const { get, asked } = api({ listRooms: async () => ({ items: [openRoom], cursor: 'next' }) })
    expect(await get('/api/rooms', 'cursor=a%2Bb%3D')).toMatchObject({ body: { cursor: 'next' } })
    await get('/api/rooms')
    expect(asked.map((call) => call.at(-1))).toMatchObject([{ cursor: 'a+b=' }, { cursor: null }])
  })

  it('of rooms is asked for by status', async () => {
    const { get, asked } = api()
    for (const status of ['open', 'closed', 'all']) await get('/api/rooms', `status=${status}`)
    expect(asked.map(([, status]) => status)).toEqual(['open', 'closed', 'all'])
  })
})

describe('a room id', () => {
  const known = { readRoom: async () => wholeRoom([event('open', {}, { at: noon })], noon) }

  it.each(['a/b', '/', 'a//b/', '100%', '%2F', '王 房间', 'a?b#c', '..', 'rooms', 'line\nend'])(
    'may be %j, as API Gateway has decoded it',
    async (roomId) => {
      const { get, asked } = api(known)
      expect(await get(`/api/rooms/${roomId}`)).toMatchObject({ status: 200, body: { room: { room_id: roomId } } })
      await get(`/api/rooms/${roomId}/events`)
      expect(asked.map(([what, id]) => [what, id])).toEqual([
        ['readRoom', roomId],
        ['readTimeline', roomId],
      ])
    },
  )
})
