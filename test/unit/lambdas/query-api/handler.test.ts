import { describe, expect, it } from 'vitest'
import { InvalidCursorError } from '../../../../core/ports/page.ts'
import { fold } from '../../../../core/state/fold.ts'
import type { Recording } from '../../../../core/state/recording.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'
import { createApi, isoAfterNoon, noon, openRoom, roomDetailsAfter, token } from './test-api.ts'

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

  it('rejects every request with 401 while no token is configured', async () => {
    const knownTokens = { outcome: 'not_configured' } as const
    for (const authorization of ['', 'Bearer', 'Bearer ', `Bearer ${token}`])
      expect(await createApi({ knownTokens }).call({ path: '/api/rooms', headers: { authorization } })).toMatchObject({
        status: 401,
      })
  })

  it('accepts the current and the previous token', async () => {
    const knownTokens = { outcome: 'configured', value: ['t2', token] } as const
    for (const accepted of ['t2', token]) {
      const authorization = `Bearer ${accepted}`
      const response = await createApi({ knownTokens }).call({ path: '/api/rooms', headers: { authorization } })
      expect(response).toMatchObject({ status: 200 })
    }
  })

  it('reads the secret again before it rejects a token', async () => {
    const knownTokens = { outcome: 'configured', value: ['t1'] } as const
    const newestTokens = { outcome: 'configured', value: [token] } as const
    expect(await createApi({ knownTokens, newestTokens }).get('/api/rooms')).toMatchObject({ status: 200 })
    expect(await createApi({ knownTokens }).get('/api/rooms')).toMatchObject(problem(401))
  })

  it.each(['unreadable', 'unusable'] as const)(
    'rejects an unknown token with 401 if the new secret is %s',
    async (outcome) => {
      const knownTokens = { outcome: 'configured', value: ['t1'] } as const
      const newestTokens = { outcome, error: new Error('no') }
      expect(await createApi({ knownTokens, newestTokens }).get('/api/rooms')).toMatchObject(problem(401))
    },
  )

  it.each(['unreadable', 'unusable'] as const)(
    'responds with 500 if the secret is %s and no token is known',
    async (outcome) => {
      const { get, calls } = createApi({ knownTokens: { outcome, error: new Error('no') } })
      expect(await get('/api/rooms')).toMatchObject(problem(500))
      expect(calls).toEqual([])
    },
  )

  it('accepts the token with the scheme in any case', async () => {
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`])
      expect(await createApi().call({ path: '/api/rooms', headers: { authorization } })).toMatchObject({
        status: 200,
      })
  })
})

describe('the query API with an unknown path or id', () => {
  it.each(['/api/nothing', '/api/', '/api/rooms/', '/api/rooms/none', '/api/rooms/none/events', '/api/R'])(
    'responds to %s with 404',
    async (path) => {
      expect(await createApi().get(path)).toMatchObject(problem(404))
    },
  )
})

describe('the query API with an invalid parameter', () => {
  const notDigits = ['%2B5', '+5', '5+', '5.0', '1e2', '0x10', '٥', '5_0']
  const limits = ['0', '1001', '-1', '1.5', 'x', '', '1,2', 'Infinity', 'NaN', '1'.repeat(400), ...notDigits]

  it.each([
    ...limits.map((limit) => ['/api/rooms', `limit=${limit}`, 'limit']),
    ...limits.map((limit) => ['/api/rooms/R/events', `limit=${limit}`, 'limit']),
    ['/api/rooms', 'status=ajar', 'status'],
    ['/api/rooms', 'status=', 'status'],
    ['/api/rooms', 'status=OPEN', 'status'],
    ['/api/rooms', 'room_id=', 'room_id'],
    ['/api/rooms', 'room_id=R&cursor=x', 'cursor'],
    ['/api/recordings', 'room_id=', 'room_id'],
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

describe('the list of one room', () => {
  it.each([
    ['', 1],
    ['&status=open', 1],
    ['&status=all', 1],
    ['&status=closed', 0],
  ])('has the open room for the query room_id=R%s %i times', async (query, count) => {
    const { get, calls } = createApi({ findRoom: async () => openRoom })
    const { status, body } = await get('/api/rooms', `room_id=R${query}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ items: Array.from({ length: count }, () => ({ room_id: 'R' })), cursor: null })
    expect(calls).toEqual([['findRoom', 'R']])
  })

  it('is empty if the room is not known', async () => {
    expect(await createApi().get('/api/rooms', 'room_id=none&status=all')).toMatchObject({
      status: 200,
      body: { items: [], cursor: null },
    })
  })
})

describe('a room id in a path', () => {
  const known = { readRoom: async () => roomDetailsAfter([event('open', {}, { at: noon })]) }

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

describe('the page of a room', () => {
  const details = roomDetailsAfter([event('join', {}, { at: noon })])
  const readRoom = async () => ({ ...details, cursor: 'next' })

  it('is found by the id in the query or in the path', async () => {
    for (const [path, query] of [
      ['/api/room', 'room_id=a%2Fevents&limit=5&cursor=c&present=true'],
      ['/api/rooms/a', 'limit=5&cursor=c&present=true'],
    ] as const) {
      const { get, calls } = createApi({ readRoom })
      expect(await get(path, query)).toMatchObject({ status: 200, body: { cursor: 'next' } })
      const id = path === '/api/room' ? 'a/events' : 'a'
      expect(calls).toMatchObject([['readRoom', id, { limit: 5, cursor: 'c', presentOnly: true }]])
    }
  })

  it('has 100 participants by default, past ones included', async () => {
    const { get, calls } = createApi({ readRoom })
    await get('/api/room', 'room_id=R')
    expect(calls).toMatchObject([['readRoom', 'R', { limit: 100, cursor: null, presentOnly: false }]])
  })

  it.each([
    ['', 'room_id'],
    ['room_id=', 'room_id'],
    ['room_id=R&present=maybe', 'present'],
    ['room_id=R&limit=1001', 'limit'],
  ])('is refused with 400 for the query %j', async (query, name) => {
    const { get, calls } = createApi({ readRoom })
    expect(await get('/api/room', query)).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name) } })
    expect(calls).toEqual([])
  })

  it('does not exist if nothing is known about the room', async () => {
    expect(await createApi().get('/api/room', 'room_id=R')).toMatchObject(problem(404))
    expect(await createApi().get('/api/room', 'room_id=R&cursor=last')).toMatchObject({
      status: 200,
      body: { participants: [], cursor: null },
    })
  })

  it('has its 100 newest recordings', async () => {
    const recordings = Array.from({ length: 120 }, (_, index) => recordingStartedAt(noon + index))
    const { get } = createApi({ readRoom: async () => ({ ...details, recordings }) })
    const { body } = await get('/api/room', 'room_id=R')
    const starts = (body as { recordings: { started_at: string }[] }).recordings.map(({ started_at }) => started_at)
    expect(starts).toEqual(Array.from({ length: 100 }, (_, index) => isoAfterNoon(119 - index)))
  })

  it('stays below the limit of a response, however large the recordings are', async () => {
    const recordings = Array.from({ length: 100 }, () => ({ ...recordingStartedAt(noon), files: 'x'.repeat(200_000) }))
    const { get } = createApi({ readRoom: async () => ({ ...details, recordings }) })
    const { status, body } = await get('/api/room', 'room_id=R')
    expect(status).toBe(200)
    expect((body as { recordings: unknown[] }).recordings).toHaveLength(2)
  })
})

function recordingStartedAt(first_event_at: number): Recording {
  const [state] = fold([event('start_record', { event_type: 'success' })], rules).values()
  if (state?.kind !== 'recording') throw new Error('the event starts a recording')
  return { ...state, first_event_at, started_seen_at: first_event_at }
}
