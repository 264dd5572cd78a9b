import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../lambdas/query-api/routes.ts'
import { startWithData } from './query-api-data.ts'

let system: Awaited<ReturnType<typeof startWithData>>
let document: Record<string, unknown>
beforeAll(async () => {
  system = await startWithData()
  document = (await system.request('/api/openapi.json')).body as Record<string, unknown>
})
afterAll(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

/** Lists with more than one item. No cursor of one of them continues another one. */
const lists = [
  '/api/rooms?status=open',
  '/api/rooms?status=closed',
  '/api/room?room_id=E',
  '/api/events?room_id=A',
  '/api/events?box_code=box-1',
  '/api/sessions?room_id=A',
  '/api/sessions?user_id=ann%2F1',
  '/api/meetings?room_id=A',
  '/api/attendance?room_id=E',
  '/api/recordings?',
  '/api/recordings?room_id=D',
  '/api/boxes?',
  '/api/refused?',
  '/api/people?',
]

it('the query API rejects a cursor that was issued for another list', async () => {
  // Each environment samples its first refused callback; samples of one cause can replace each other.
  await system.request('/room_event_history', { method: 'PUT' })
  await system.run.recycle('ReceiveCallback')
  await system.request('/room_event_history?event=join')
  await system.run.invoke('SampleUsage', {})
  const cursors = await Promise.all(lists.map(async (path) => (await system.list(`${path}&limit=1`)).cursor))
  expect(cursors.map((cursor, index) => cursor === null && lists[index]).filter(Boolean)).toEqual([])
  for (const [index, path] of lists.entries()) {
    const statuses = await Promise.all(
      cursors.map(async (cursor) => (await system.query(`${path}&limit=1&cursor=${cursor}`)).status),
    )
    expect(statuses, path).toEqual(lists.map((_, other) => (other === index ? 200 : 400)))
  }
})

describe('a request with an unknown id or an invalid parameter', () => {
  it.each([
    ['/api/rooms/none/sessions', 404],
    ['/api/users/none/sessions', 404],
    ['/api/users/', 404],
    ['/api/users/ann', 404],
    ['/api/rooms/A/sessions?limit=0', 400],
    ['/api/rooms/A/sessions?limit=1001', 400],
    ['/api/rooms/A/sessions?format=xml', 400],
    ['/api/rooms/A/sessions?order=up', 400],
    ['/api/rooms/A/sessions?cursor=x', 400],
    ['/api/rooms/A/events?order=up', 400],
    ['/api/sessions?user_id=ann%2F1&cursor=x', 400],
    ['/api/recordings?status=gone', 400],
    ['/api/recordings?cursor=x', 400],
    ['/api/boxes?cursor=x', 400],
  ])('for %s gets a response with %i and an error message', async (path, status) => {
    const response = await system.query(path)
    expect(response).toMatchObject({ status, body: { ret: status, msg: expect.stringMatching(/./) } })
  })
})

/** Paths that take the room in the query. */
const roomPaths = ['/api/room', '/api/events', '/api/sessions', '/api/meetings', '/api/attendance', '/api/timeline']

describe('the OpenAPI document', () => {
  it('requires no token and is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0')
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true })
  })

  it('describes every path with a schema that matches its response exactly', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    const paths = Object.keys(document.paths as object)
    expect(paths.sort()).toEqual([...apiRoutes.map(({ path }) => `/api/${path}`), '/api/openapi.json'].sort())
    await system.request('/room_event_history', { method: 'PUT' })
    for (const path of paths.filter((one) => one !== '/api/openapi.json')) {
      const pointer = `api#/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema`
      const validate = ajv.getSchema(encodeURI(pointer))
      const realPath = path.replace('{room_id}', 'A').replace('{user_id}', 'ann%2F1')
      const from = path === '/api/timeline' ? 'from=2020-01-01T00:00Z&' : ''
      const required = roomPaths.includes(path) ? `room_id=A&${from}` : ''
      for (const query of ['', 'status=all', 'limit=1']) {
        const { status, body } = await system.query(`${realPath}?${required}${path.includes('stats') ? '' : query}`)
        if (status === 400) continue
        expect(status, realPath).toBe(200)
        expect(validate?.(body), `${realPath}: ${JSON.stringify(validate?.errors)}`).toBe(true)
        // The schema is strict: it rejects unknown properties.
        expect(validate?.({ ...(body as object), more: 1 })).toBe(false)
      }
    }
  })

  it('describes error responses', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    const validate = ajv.getSchema('api#/components/schemas/Problem')
    for (const path of ['/api/rooms/none', '/api/rooms?limit=x'])
      expect(validate?.((await system.query(path)).body)).toBe(true)
    expect(validate?.((await system.request('/api/rooms')).body)).toBe(true)
  })
})
