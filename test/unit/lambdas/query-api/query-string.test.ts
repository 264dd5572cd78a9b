import { describe, expect, it } from 'vitest'
import { parseQueryString } from '../../../../lambdas/query-api/query-string.ts'
import { apiRoutes } from '../../../../lambdas/query-api/routes.ts'
import { createApi } from './test-api.ts'

const known = ['limit', 'cursor', 'status', 'room_id']
const parse = (query: string) => parseQueryString(query, known)

describe('parseQueryString', () => {
  it('decodes percent-encoding and plus signs', () => {
    expect(parse('room_id=a%2Bb+c%26&limit=5')).toEqual({ room_id: 'a+b c&', limit: '5' })
    expect(parse('')).toEqual({})
  })

  it('counts an equal repetition once, in any encoding', () => {
    expect(parse('limit=5&limit=5&room_id=a%20b&room_id=a+b')).toEqual({ limit: '5', room_id: 'a b' })
  })

  it.each(['limit=5&limit=6', 'limit=5&cursor=c&limit=', 'limit=5&limit=05'])(
    'rejects a repetition with another value: %s',
    (query) => {
      expect(() => parse(query)).toThrow('parameter "limit" is repeated with different values')
    },
  )

  it.each([
    ['lmit=5', 'limit'],
    ['Limit=5', 'limit'],
    ['limits=5', 'limit'],
    ['roomId=R', 'room_id'],
    ['room-id=R', 'room_id'],
    ['room=R', 'room_id'],
    ['state=open', 'status'],
    ['curser=c', 'cursor'],
  ])('rejects %s and suggests %s', (query, name) => {
    expect(() => parse(query)).toThrow(`is unknown; did you mean "${name}"?`)
  })

  it.each(['page=2', '=x', '__proto__=x', 'constructor=x', 'toString'])(
    'rejects %s and lists the known names',
    (query) => {
      expect(() => parse(query)).toThrow('is unknown; this path takes limit, cursor, status, room_id')
    },
  )

  it('repeats at most 64 characters of an unknown name', () => {
    expect(() => parse(`${'n'.repeat(500)}=1`)).toThrow(`parameter "${'n'.repeat(64)}" is unknown`)
  })
})

describe('a query', () => {
  it.each(apiRoutes.map(({ path }) => `/api/${path.replace(/\{\w+\}/, 'x')}`))(
    'with an unknown parameter gets 400 from %s, and nothing is read',
    async (path) => {
      const { get, calls } = createApi()
      expect(await get(path, 'unknown_name=1')).toMatchObject({
        status: 400,
        body: { ret: 400, msg: expect.stringMatching(/^parameter "unknown_name" is unknown; this path takes /) },
      })
      expect(calls).toEqual([])
    },
  )

  it('with an empty cursor gets the first page', async () => {
    const { get, calls } = createApi()
    await get('/api/rooms', 'cursor=')
    await get('/api/sessions', 'room_id=R&cursor=&limit=007')
    expect(calls.map((call) => call.at(-1))).toMatchObject([{ cursor: null }, { cursor: null, limit: 7 }, {}])
  })

  it('with equal limits twice gets one page', async () => {
    const { get, calls } = createApi()
    expect(await get('/api/rooms', 'limit=5&limit=5')).toMatchObject({ status: 200 })
    expect(await get('/api/rooms', 'limit=5&limit=6')).toMatchObject({ status: 400 })
    expect(calls).toMatchObject([['listRooms', 'open', { limit: 5 }]])
  })
})
