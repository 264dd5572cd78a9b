import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../../lambdas/http-error.ts'
import { acceptedAgeMs } from '../../../../lambdas/query-api/response-cache.ts'
import { createApi, noon, openRoom, token } from './test-api.ts'

const authorization = `Bearer ${token}`
const second = { 'cache-control': 'max-age=1' }

/** An API whose reads are counted. Time passes only when `clock.now` is set. */
function createClockedApi(readers: Parameters<typeof createApi>[0] = {}) {
  const clock = { now: noon }
  const { call, calls } = createApi({
    listRooms: async () => ({ items: [openRoom], cursor: null }),
    now: () => clock.now,
    ...readers,
  })
  const get = (path: string, headers: Record<string, string> = {}, query = '') =>
    call({ path, query, headers: { authorization, ...headers } })
  return { clock, calls, get }
}

describe('a stored response', () => {
  it.each([
    ['/api/rooms', '', 'listRooms'],
    ['/api/room', 'room_id=R&cursor=c', 'readRoom'],
    ['/api/stats', '', 'countOpen'],
  ])('of %s?%s is sent again to callers that accept its age', async (path, query, method) => {
    const { clock, calls, get } = createClockedApi()
    const first = await get(path, {}, query)
    clock.now += 999
    expect(await get(path, second, query)).toEqual(first)
    expect(calls.map(([name]) => name)).toEqual([method])
    clock.now += 1
    expect(await get(path, second, query)).toMatchObject({ status: 200 })
    expect(calls).toHaveLength(2)
  })

  it.each<Record<string, string>>([{}, { 'cache-control': 'no-cache' }, { 'cache-control': 'max-age=0' }])(
    'is not sent to a caller with the headers %j',
    async (headers) => {
      const { calls, get } = createClockedApi()
      await get('/api/rooms')
      await get('/api/rooms', headers)
      expect(calls).toHaveLength(2)
    },
  )

  it('is as old as the start of its reading', async () => {
    const { clock, calls, get } = createClockedApi({
      listRooms: async () => {
        clock.now += 600
        return { items: [], cursor: null }
      },
    })
    await get('/api/rooms')
    clock.now += 500
    await get('/api/rooms', second)
    expect(calls).toHaveLength(2)
  })

  it('is sent only for the same path and query', async () => {
    const { calls, get } = createClockedApi()
    for (const query of ['limit=1000', 'limit=1000&cursor=c', 'status=closed']) await get('/api/rooms', second, query)
    await get('/api/stats', second)
    expect(calls).toHaveLength(4)
  })

  it('is sent only with the token', async () => {
    const { get } = createClockedApi()
    await get('/api/rooms')
    expect(await get('/api/rooms', { ...second, authorization: 'Bearer wrong' })).toMatchObject({ status: 401 })
  })

  it('is not an error', async () => {
    const errors = [new HttpError(404, 'gone')]
    const { get } = createClockedApi({
      listRooms: async () => {
        const error = errors.pop()
        if (error !== undefined) throw error
        return { items: [], cursor: null }
      },
    })
    expect(await get('/api/rooms', second)).toMatchObject({ status: 404 })
    expect(await get('/api/rooms', second)).toMatchObject({ status: 200 })
  })

  it('is not kept for other paths', async () => {
    const { calls, get } = createClockedApi()
    for (let request = 0; request < 2; request++) await get('/api/rooms/R/events', second, 'cursor=c')
    expect(calls).toHaveLength(2)
  })

  it('is dropped after others of 10 MB together', async () => {
    const room = { ...openRoom, room_id: 'x'.repeat(4 * 1024 * 1024) }
    const { calls, get } = createClockedApi({ listRooms: async () => ({ items: [room], cursor: null }) })
    // The third response drops the first.
    for (const limit of [1, 2, 2, 3, 2, 1]) await get('/api/rooms', second, `limit=${limit}`)
    expect(calls.map(([, , page]) => page)).toMatchObject([{ limit: 1 }, { limit: 2 }, { limit: 3 }, { limit: 1 }])
  })

  it('does not count again if it is replaced', async () => {
    const room = { ...openRoom, room_id: 'x'.repeat(4 * 1024 * 1024) }
    const { calls, get } = createClockedApi({ listRooms: async () => ({ items: [room], cursor: null }) })
    for (const limit of [1, 2, 2, 2]) await get('/api/rooms', {}, `limit=${limit}`)
    await get('/api/rooms', second, 'limit=1')
    expect(calls).toHaveLength(4)
  })
})

describe('acceptedAgeMs', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['no-cache', 0],
    ['max-age=2', 2000],
    ['no-transform, Max-Age=10', 10_000],
    ['max-age=-1', 0],
    ['max-age=1.5', 0],
    ['max-age=x', 0],
    ['s-max-age=5', 0],
  ])('of %j is %i ms', (header, expected) => {
    expect(acceptedAgeMs(header)).toBe(expected)
  })
})

describe('the entity tag of a response', () => {
  it.each(['/api/rooms', '/api/stats', '/api/boxes'])('of %s saves a known body', async (path) => {
    const { get } = createClockedApi()
    const { headers, status } = await get(path)
    const etag = String(headers.etag)
    expect([status, etag]).toEqual([200, expect.stringMatching(/^"[\w-]{22}"$/)])
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`])
      expect(await get(path, { 'if-none-match': header })).toMatchObject({
        status: 304,
        headers: { etag },
        body: undefined,
      })
    expect(await get(path, { 'if-none-match': '"other"' })).toMatchObject({ status: 200 })
  })

  it('changes with the body', async () => {
    const rooms = [openRoom]
    const { get } = createClockedApi({ listRooms: async () => ({ items: rooms, cursor: null }) })
    const { headers } = await get('/api/rooms')
    rooms.pop()
    expect(await get('/api/rooms', { 'if-none-match': String(headers.etag) })).toMatchObject({
      status: 200,
      body: { items: [] },
    })
  })

  it('is not compared if the query fails', async () => {
    expect(await createClockedApi().get('/api/rooms/none', { 'if-none-match': 'undefined' })).toMatchObject({
      status: 404,
    })
  })
})
