import { describe, expect, it } from 'vitest'
import { createApi, noon } from './test-api.ts'

const notFound = { status: 404, body: { ret: 404, msg: expect.stringContaining('none') } }

describe('an id in the query', () => {
  const ids = ['a/b', '/', 'x/events', '100%', '%2F', 'a%252Fb', '王 房间', 'a?b#c&d=e+f', '..', 'line\nend', '😀']

  it.each(ids)('may be %j', async (id) => {
    const { get, calls } = createApi()
    const query = (name: string) => String(new URLSearchParams({ [name]: id }))
    await get('/api/room', query('room_id'))
    await get('/api/events', query('room_id'))
    await get('/api/sessions', query('room_id'))
    await get('/api/sessions', query('user_id'))
    expect(calls.map(([method, found]) => [method, found])).toEqual([
      ['readRoom', id],
      ['readTimeline', id],
      ['listByRoom', id],
      // The room may have events but no sessions.
      ['readTimeline', id],
      ['listByUser', id],
    ])
  })

  it.each([
    ['/api/events', '', 'room_id'],
    ['/api/events', 'room_id=', 'room_id'],
    ['/api/events', 'room_id=R&order=up', 'order'],
    ['/api/sessions', '', 'room_id'],
    ['/api/sessions', 'room_id=', 'room_id'],
    ['/api/sessions', 'user_id=', 'user_id'],
    ['/api/sessions', 'room_id=R&user_id=U', 'user_id'],
    ['/api/sessions', 'user_id=U&order=oldest', 'order'],
    ['/api/sessions', 'room_id=R&order=up', 'order'],
    ['/api/sessions', 'room_id=R&format=xml', 'format'],
  ])('is required exactly once, or %s?%s gets 400 that names %s', async (path, query, name) => {
    const { get, calls } = createApi()
    expect(await get(path, query)).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name) } })
    expect(calls).toEqual([])
  })

  it.each(['/api/events?room_id=none', '/api/sessions?room_id=none', '/api/sessions?user_id=none'])(
    'that is not known gets 404 from %s, and an empty page with a cursor',
    async (url) => {
      const [path = '', query = ''] = url.split('?')
      expect(await createApi().get(path, query)).toMatchObject(notFound)
      expect(await createApi().get(path, `${query}&cursor=c`)).toMatchObject({ body: { items: [], cursor: null } })
    },
  )

  it.each([
    ['room_id=R', 'listByRoom', { order: 'oldest' }],
    ['room_id=R&order=newest', 'listByRoom', { order: 'newest' }],
    ['user_id=U', 'listByUser', { period: undefined }],
    ['user_id=U&order=newest', 'listByUser', { period: undefined }],
  ])('passes the page and the order of /api/sessions?%s to %s', async (query, method, order) => {
    const { get, calls } = createApi()
    await get('/api/sessions', `${query}&limit=7&cursor=c`)
    expect(calls.map(([called, , page]) => [called, page])).toEqual([[method, { limit: 7, cursor: 'c', ...order }]])
  })

  it.each(['/api/room?room_id=', '/api/rooms/', '/api/users/', '/api/other/'])(
    'is quoted with at most 200 characters if %s finds nothing',
    async (target) => {
      const [path = '', name = ''] = target.split('?')
      const id = 'x"\n'.repeat(2_000)
      const { get } = createApi()
      const isUser = path.startsWith('/api/users')
      const query = name === '' ? '' : name + encodeURIComponent(id)
      const { status, body } = await get(name === '' ? `${path}${id}${isUser ? '/sessions' : ''}` : path, query)
      expect(status).toBe(404)
      const { msg } = body as { msg: string }
      expect(msg).toContain('x\\"\\n')
      expect(msg.length).toBeLessThan(400)
    },
  )

  it('gets sessions with their room, whether the id is of a room or of a user', async () => {
    const session = { joined_at: noon, start_estimated: false, endpoint_type: 'web', reconnects: 0, end: null }
    const page = { items: [{ room_id: 'R', user_id: 'U', user_name: null, session }], cursor: null }
    const { get } = createApi({ listByRoom: async () => page, listByUser: async () => page })
    for (const query of ['room_id=R', 'user_id=U'])
      expect(await get('/api/sessions', query)).toMatchObject({ body: { items: [{ room_id: 'R', user_id: 'U' }] } })
  })
})
