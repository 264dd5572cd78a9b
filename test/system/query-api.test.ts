import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../lambdas/query-api/routes.ts'
import { readSheet } from '../support/read-xlsx.ts'
import { type System, startSystem } from '../support/system.ts'

const hourMs = 3_600_000
const now = Date.now()
const day = now - 24 * hourMs
const iso = (at: number) => new Date(at).toISOString()

let system: System
let document: Record<string, unknown>
let lastTraceId = 0

/** Enqueues an event as if it had been received at `at` (ms since 1970). */
function enqueue(event: string, at: number, params: Record<string, string>) {
  lastTraceId += 1
  return system.enqueue({ event, trace_id: `t${lastTraceId}`, ...params }, at)
}

beforeAll(async () => {
  system = await startSystem()
  document = (await system.request('/api/openapi.json')).body as Record<string, unknown>
  const person = { user_id: 'ann/1', endpoint_type: 'web', event_type: 'normal' }
  // Two sessions in room A: one with a reconnect, and one that ended when the room closed. The events of the second
  // session are applied before those of the first.
  await enqueue('join', day + 3 * hourMs, { room_id: 'A', user_name: 'Ann', ...person })
  await enqueue('close', day + 4 * hourMs, { room_id: 'A', event_type: 'user' })
  await system.settle()
  await enqueue('join', day + 1000, { room_id: 'A', user_name: '=Ann()', ...person })
  await enqueue('join', day + 2000, { room_id: 'A', ...person })
  await enqueue('leave', day + 61_500, { room_id: 'A', ...person })
  await enqueue('join', now - hourMs, { room_id: 'B', user_name: 'Ann', ...person })
  // Four recordings: one running in an open room, one running in a room that closed two hours ago, one ready, one failed.
  for (const [room_id, exporter_id] of [
    ['B', 'on'],
    ['C', 'stuck'],
    ['D', 'ready'],
    ['D', 'failed'],
  ] as const) {
    const recording = { room_id, exporter_id, exporter_type: 'mp4' }
    await enqueue('open', now - 3 * hourMs, { room_id })
    const event_type = exporter_id === 'failed' ? 'faild' : 'success'
    await enqueue('start_record', now - 3 * hourMs, { ...recording, event_type, options: 'disk full' })
    if (exporter_id === 'ready')
      await enqueue('record_transcoding_completion', now - hourMs, {
        ...recording,
        event_type,
        options: '[{"file":"a.mp4"}]',
      })
  }
  await enqueue('close', now - 2 * hourMs, { room_id: 'C', event_type: 'auto' })
  const ports: Record<string, number> = { 'box-1': 8088, 'box-2': 7630 }
  for (const box_code of ['box-2', 'box-1', 'box-1'])
    await enqueue('warning_notify', now - 1000, {
      event_type: 'check_port',
      box_code,
      options: `[{"type":"tcp","port":${ports[box_code]}}]`,
    })
  await system.settle()
})
afterAll(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

type ListPage = { items: Record<string, unknown>[]; cursor: string | null }
const list = async (path: string) => (await system.query(path)).body as ListPage

describe('attendance', () => {
  it('lists every session of a room exactly, across reconnects, closes and late events', async () => {
    const { items: sessions } = await list('/api/rooms/A/sessions')
    const common = { user_id: 'ann/1', endpoint_type: 'web', estimated: false }
    expect(sessions).toEqual([
      {
        ...common,
        user_name: '=Ann()',
        joined_at: iso(day + 1000),
        left_at: iso(day + 61_500),
        seconds: 61,
        leave_reason: 'normal',
        reconnects: 1,
      },
      {
        ...common,
        user_name: 'Ann',
        joined_at: iso(day + 3 * hourMs),
        left_at: iso(day + 4 * hourMs),
        seconds: 3600,
        leave_reason: 'room_closed',
        reconnects: 0,
      },
    ])
    expect((await list('/api/rooms/A/sessions?order=newest')).items).toEqual(sessions.toReversed())
  })

  it('has the room of each session if the room is in the query', async () => {
    const { items: sessions } = await list('/api/rooms/A/sessions')
    expect((await list('/api/sessions?room_id=A')).items).toEqual(
      sessions.map((session) => ({ room_id: 'A', ...session })),
    )
  })

  it('lists the sessions of a user across rooms, newest first, including current ones', async () => {
    const { items: sessions } = await list('/api/sessions?user_id=ann%2F1')
    expect(sessions.map(({ room_id, left_at, seconds }) => [room_id, left_at === null, seconds])).toEqual([
      ['B', true, null],
      ['A', false, 3600],
      ['A', false, 61],
    ])
  })

  it('is paged', async () => {
    for (const path of ['/api/sessions?room_id=A', '/api/sessions?user_id=ann%2F1']) {
      const all = await list(path)
      const paged = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: ListPage = await list(`${path}&limit=1${cursor && `&cursor=${cursor}`}`)
        expect(page.items.length).toBeLessThanOrEqual(1)
        paged.push(...page.items)
        cursor = page.cursor
      }
      expect(paged).toEqual(all.items)
    }
  })

  it('is exported as CSV without cells that a spreadsheet would run', async () => {
    const { status, body, headers } = await system.query('/api/sessions?user_id=ann%2F1&format=csv')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="attendance-user.csv"')
    const lines = String(body).split('\r\n')
    expect(lines[0]).toMatch(/^\u{FEFF}?room_id,user_id,/u)
    expect(lines).toHaveLength(5)
    expect(lines[3]).toMatch(/^A,ann\/1,'=Ann\(\),/)
  })

  it('is exported as CSV in parts that join into the whole table', async () => {
    const whole = String((await system.query('/api/rooms/A/sessions?format=csv')).body)
    const first = await system.query('/api/rooms/A/sessions?format=csv&limit=1')
    const cursor = first.headers.get('x-next-cursor')
    expect(cursor).not.toBeNull()
    const rest = await system.query(`/api/rooms/A/sessions?format=csv&cursor=${cursor}`)
    expect(`${first.body}${rest.body}`).toBe(whole)
  })

  it('is summed up by meeting and by person', async () => {
    const { body: meetings } = await system.query('/api/meetings?room_id=A')
    const first = { opened_at: iso(day + 1000), closed_at: iso(day + 61_500), seconds: 61, people: 1, estimated: true }
    const second = { opened_at: iso(day + 3 * hourMs), closed_at: iso(day + 4 * hourMs), close_reason: 'user', peak: 1 }
    expect(meetings).toMatchObject({ items: [first, { ...second, person_seconds: 3600 }], cursor: null })
    const period = `from=${encodeURIComponent(iso(day + 31_500))}&to=${encodeURIComponent(iso(day + 3.5 * hourMs))}`
    const { body: attendance } = await system.query(`/api/attendance?room_id=A&${period}`)
    const ann = { user_id: 'ann/1', user_name: 'Ann', first_joined_at: iso(day + 1000), sessions: 2, reconnects: 1 }
    const response = await fetch(`${system.run.url}/api/attendance?room_id=A&${period}&format=xlsx`, {
      headers: { authorization: `Bearer ${system.run.apiToken}` },
    })
    const [titles, row] = readSheet(Buffer.from(await response.arrayBuffer()))
    expect([titles?.[0]?.value, row?.[0]?.value, row?.[4]?.value]).toEqual(['User ID', 'ann/1', 30.5])
    expect(attendance).toMatchObject({ items: [{ ...ann, seconds: 30 + 1800, endpoint_types: ['web'] }], cursor: null })
  })

  it('is empty for a room without participants', async () => {
    expect(await system.query('/api/rooms/C/sessions')).toMatchObject({
      status: 200,
      body: { items: [], cursor: null },
    })
  })
})

describe('recordings', () => {
  it('have their current status, which is stuck if the room closed more than an hour ago', async () => {
    const { items: all } = await list('/api/recordings')
    const statuses = Object.fromEntries(all.map(({ exporter_id, status }) => [exporter_id, status]))
    expect(statuses).toEqual({ on: 'recording', stuck: 'stuck', ready: 'ready', failed: 'failed' })
    expect(all.find(({ exporter_id }) => exporter_id === 'failed')).toMatchObject({ reason: 'disk full' })
    expect(all.find(({ exporter_id }) => exporter_id === 'ready')).toMatchObject({ files: [{ file: 'a.mp4' }] })
    const { body } = await system.query('/api/rooms/C')
    expect(body).toMatchObject({ recordings: [{ status: 'stuck' }] })
  })

  it.each(['recording', 'stuck', 'ready', 'failed', 'stopped'])('can be filtered by status %s', async (status) => {
    const { items: filtered } = await list(`/api/recordings?status=${status}&limit=1`)
    expect(filtered.map((recording) => recording.status)).toEqual(status === 'stopped' ? [] : [status])
  })

  it('can be filtered by room', async () => {
    expect((await list('/api/recordings?room_id=D')).items.map(({ exporter_id }) => exporter_id)).toEqual([
      'ready',
      'failed',
    ])
    expect((await list('/api/recordings?room_id=D&status=ready')).items).toHaveLength(1)
    expect((await list('/api/recordings?room_id=none')).items).toEqual([])
    const first = await list('/api/recordings?room_id=D&limit=1')
    const second = await list(`/api/recordings?room_id=D&limit=1&cursor=${first.cursor}`)
    expect([...first.items, ...second.items]).toEqual((await list('/api/recordings?room_id=D')).items)
    expect(second.cursor).toBeNull()
    expect(await system.query('/api/recordings?room_id=D&cursor=x')).toMatchObject({ status: 400 })
  })

  it('are paged', async () => {
    const seen = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: ListPage = await list(`/api/recordings?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items)
      cursor = page.cursor
    }
    expect(seen).toEqual((await list('/api/recordings')).items)
  })
})

it('the query API lists media servers by name, with ports and the numbers of sent and suppressed alerts', async () => {
  const { items: boxes } = await list('/api/boxes')
  const lastWarningAt = iso(now - 1000)
  expect(boxes).toEqual([
    {
      box_code: 'box-1',
      state: 'warning',
      first_warning_at: expect.any(String),
      last_warning_at: lastWarningAt,
      ports: [{ type: 'tcp', port: 8088, first_seen_at: expect.any(String), last_seen_at: lastWarningAt }],
      alerts_sent: 1,
      alerts_suppressed: 1,
    },
    {
      box_code: 'box-2',
      state: 'warning',
      first_warning_at: lastWarningAt,
      last_warning_at: lastWarningAt,
      ports: [{ type: 'tcp', port: 7630, first_seen_at: lastWarningAt, last_seen_at: lastWarningAt }],
      alerts_sent: 1,
      alerts_suppressed: 0,
    },
  ])
  const first = await list('/api/boxes?limit=1')
  expect((await list(`/api/boxes?limit=1&cursor=${first.cursor}`)).items).toEqual(boxes.slice(1))
})

it('a sample of usage has the numbers of the board, and another one in the same minute changes nothing', async () => {
  const { body: stats } = await system.query('/api/stats')
  await system.run.invoke('SampleUsage', {})
  const { items: usage } = await list('/api/usage?period=month')
  const { rooms_open, participants_present } = stats as Record<string, unknown>
  expect(usage.at(-1)).toMatchObject({ peak_rooms: rooms_open, peak_people: participants_present, sampled_minutes: 1 })
  await system.run.invoke('SampleUsage', {})
  const minutes = (await list('/api/usage?period=day')).items.map(({ sampled_minutes }) => Number(sampled_minutes))
  expect(minutes.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(2)
})

it('a person who is in a room at a sample is found by a part of the name, in any case and width', async () => {
  await system.run.invoke('SampleUsage', {})
  const { items } = await list(`/api/people?${new URLSearchParams({ q: 'ＡN' })}`)
  expect(items).toMatchObject([{ user_id: 'ann/1', user_name: 'Ann', present_in: ['B'] }])
  expect((await list('/api/people?q=nobody')).items).toEqual([])
})

it('a room whose id is not safe in a path is found by the query, and API Gateway refuses or misreads its path', async () => {
  const join = { event: 'join', user_id: 'percent', room_id: '100%', trace_id: 'percent' }
  expect(await system.callback(join)).toMatchObject({ status: 200 })
  await system.settle()
  const query = new URLSearchParams({ room_id: '100%' })
  for (const path of ['/api/room', '/api/events', '/api/sessions'])
    expect(await system.query(`${path}?${query}`), path).toMatchObject({ status: 200 })
  expect(await system.query('/api/rooms/100%25')).toMatchObject({ status: 400 })
  expect(await system.query('/api/rooms/ann%252F1')).toMatchObject({
    status: 404,
    body: { msg: expect.stringContaining('ann/1') },
  })
})

it('the query API rejects a cursor that was issued for another list', async () => {
  const { cursor } = await list('/api/rooms/A/sessions?limit=1')
  const { cursor: events } = await list('/api/rooms/A/events?limit=1')
  const { cursor: rooms } = await list('/api/rooms?status=all&limit=1')
  for (const wrong of [cursor, events, rooms])
    for (const path of ['/api/sessions?user_id=ann%2F1&', '/api/rooms/B/sessions?', '/api/boxes?', '/api/recordings?'])
      expect(await system.query(`${path}cursor=${wrong}`), `${path} ${wrong}`).toMatchObject({ status: 400 })
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
