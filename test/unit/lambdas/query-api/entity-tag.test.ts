import { describe, expect, it } from 'vitest'
import { matchesEntityTag } from '../../../../lambdas/query-api/entity-tag.ts'
import { createApi, token } from './test-api.ts'

const authorization = `Bearer ${token}`

describe('matchesEntityTag', () => {
  it.each([
    '"abc"',
    'W/"abc"',
    ' "abc" ',
    '"x", "abc"',
    '"x","abc","y"',
    'W/"x" , W/"abc"',
    '"a,b", "abc"',
    '"", "abc"',
    '*',
    ' * ',
  ])('finds the tag in %j', (header) => {
    expect(matchesEntityTag(header, '"abc"')).toBe(true)
  })

  it.each([undefined, '', '"abd"', 'abc', '"ab", "c"', '"x,"abc', '"*"', 'W/"ABC"', '"abc'])(
    'does not find the tag in %j',
    (header) => {
      expect(matchesEntityTag(header, '"abc"')).toBe(false)
    },
  )

  it('does not take the text between two tags for a tag', () => {
    expect(matchesEntityTag('"a", "b"', '", "')).toBe(false)
  })
})

describe('If-None-Match', () => {
  it.each([
    ['/api/rooms', ''],
    ['/api/openapi.json', ''],
    ['/api/sessions', 'user_id=U&format=csv&cursor=c'],
  ])('of %s?%s gets 304 for the tag of the response and for *', async (path, query) => {
    const { callRaw } = createApi()
    const { headers } = await callRaw({ path, query, headers: { authorization } })
    const etag = String(headers?.etag)
    expect(etag).toMatch(/^"[\w-]{22}"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
      for (const method of ['GET', 'HEAD']) {
        const request = { path, query, method, headers: { authorization, 'if-none-match': known } }
        const response = await callRaw(request)
        expect([response.statusCode, response.headers?.etag]).toEqual([304, etag])
        expect(response).not.toHaveProperty('body')
      }
  })

  it('with * does not hide an error', async () => {
    const headers = { authorization, 'if-none-match': '*' }
    expect(await createApi().call({ path: '/api/rooms/none', headers })).toMatchObject({ status: 404 })
  })
})
