import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const hour = 3_600_000
const now = Date.now()
const iso = (at: number) => new Date(at).toISOString()

let system: System
let document: Record<string, unknown>
let serial = 0

/** As if it had been received then (ms). */
const told = (event: string, at: number, params: Record<string, string>) =>
  system.enqueue({ event, trace_id: `t${serial++}`, ...params }, at)

beforeAll(async () => {
  system = await startSystem()
  document = (await system.request('/api/openapi.json')).body as Record<string, unknown>
  const person = { user_id: 'ann/1', endpoint_type: 'web', event_type: 'normal' }
  // Met, with a reconnect; came again, and was there when the room was closed. The second stay overtakes the first.
  const day = now - 24 * hour
  await told('join', day + 3 * hour, { room_id: 'A', user_name: 'Ann', ...person })
  await told('close', day + 4 * hour, { room_id: 'A', event_type: 'user' })
  await system.settled()
  await told('join', day + 1000, { room_id: 'A', user_name: '=Ann()', ...person })
  await told('join', day + 2000, { room_id: 'A', ...person })
  await told('leave', day + 61_500, { room_id: 'A', ...person })
  await told('join', now - hour, { room_id: 'B', user_name: 'Ann', ...person })
  // Recordings: one goes on in a room that is open, one in a room that closed two hours ago, one is ready, one failed.
  for (const [room_id, exporter_id] of [
    ['B', 'on'],
    ['C', 'stuck'],
    ['D', 'ready'],
    ['D', 'failed'],
  ] as const) {
    const recording = { room_id, exporter_id, exporter_type: 'mp4' }
    await told('open', now - 3 * hour, { room_id })
    const event_type = exporter_id === 'failed' ? 'faild' : 'success'
    await told('start_record', now - 3 * hour, { ...recording, event_type, options: 'disk full' })
    if (exporter_id === 'ready')
      await told('record_transcoding_completion', now - hour, {
        ...recording,
        event_type,
        options: '[{"file":"a.mp4"}]',
      })
  }
  await told('close', now - 2 * hour, { room_id: 'C', event_type: 'auto' })
  for (const [box_code, port] of [
    ['box-2', 7630],
    ['box-1', 8088],
    ['box-1', 8088],
  ] as const)
    await told('warning_notify', now - 1000, {
      event_type: 'check_port',
      box_code,
      options: `[{"type":"tcp","port":${port}}]`,
    })
  await system.settled()
})
afterAll(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

type Items = { items: Record<string, unknown>[]; cursor: string | null }
const items = async (path: string) => (await system.query(path)).body as Items

describe('attendance', () => {
  it('of a room has every stay, exact across reconnects, closes and what came late', async () => {
    const { items: sessions } = await items('/api/rooms/A/sessions')
    const day = now - 24 * hour
    const same = { user_id: 'ann/1', endpoint_type: 'web', estimated: false }
    expect(sessions).toEqual([
      {
        ...same,
        user_name: '=Ann()',
        joined_at: iso(day + 1000),
        left_at: iso(day + 61_500),
        seconds: 61,
        leave_reason: 'normal',
        reconnects: 1,
      },
      {
        ...same,
        user_name: 'Ann',
        joined_at: iso(day + 3 * hour),
        left_at: iso(day + 4 * hour),
        seconds: 3600,
        leave_reason: 'room_closed',
        reconnects: 0,
      },
    ])
    expect((await items('/api/rooms/A/sessions?order=newest')).items).toEqual(sessions.toReversed())
  })

  it('of a user is the newest first, across rooms, with who is there now', async () => {
    const { items: sessions } = await items('/api/users/ann%2F1/sessions')
    expect(sessions.map(({ room_id, left_at, seconds }) => [room_id, left_at === null, seconds])).toEqual([
      ['B', true, null],
      ['A', false, 3600],
      ['A', false, 61],
    ])
  })

  it('comes on pages', async () => {
    for (const path of ['/api/rooms/A/sessions', '/api/users/ann%2F1/sessions']) {
      const whole = await items(path)
      const paged = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Items = await items(`${path}?limit=1${cursor && `&cursor=${cursor}`}`)
        expect(page.items.length).toBeLessThanOrEqual(1)
        paged.push(...page.items)
        cursor = page.cursor
      }
      expect(paged).toEqual(whole.items)
    }
  })

  it('is a table for a spreadsheet, in which nothing is run', async () => {
    const { status, body, headers } = await system.query('/api/users/ann%2F1/sessions?format=csv')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="attendance-user.csv"')
    const lines = String(body).split('\r\n')
    expect(lines[0]).toMatch(/^\u{FEFF}?room_id,user_id,/u)
    expect(lines).toHaveLength(5)
    expect(lines[3]).toMatch(/^A,ann\/1,'=Ann\(\),/)
  })

  it('as a table can be had in parts that make the whole', async () => {
    const whole = String((await system.query('/api/rooms/A/sessions?format=csv')).body)
    const first = await system.query('/api/rooms/A/sessions?format=csv&limit=1')
    const cursor = first.headers.get('x-next-cursor')
    expect(cursor).not.toBeNull()
    const rest = await system.query(`/api/rooms/A/sessions?format=csv&cursor=${cursor}`)
    expect(`${first.body}${rest.body}`).toBe(whole)
  })
})

describe('recordings', () => {
  it('are the latest first, stuck where the room closed over an hour ago', async () => {
    const { items: all } = await items('/api/recordings')
    const statuses = Object.fromEntries(all.map(({ exporter_id, status }) => [exporter_id, status]))
    expect(statuses).toEqual({ on: 'recording', stuck: 'stuck', ready: 'ready', failed: 'failed' })
    expect(all.find(({ exporter_id }) => exporter_id === 'failed')).toMatchObject({ reason: 'disk full' })
    expect(all.find(({ exporter_id }) => exporter_id === 'ready')).toMatchObject({ files: [{ file: 'a.mp4' }] })
    const { body } = await system.query('/api/rooms/C')
    expect(body).toMatchObject({ recordings: [{ status: 'stuck' }] })
  })

  it.each(['recording', 'stuck', 'ready', 'failed', 'stopped'])('can be asked for by status: %s', async (status) => {
    const { items: some } = await items(`/api/recordings?status=${status}&limit=1`)
    expect(some.map((recording) => recording.status)).toEqual(status === 'stopped' ? [] : [status])
  })

  it('can be asked for by room', async () => {
    expect((await items('/api/recordings?room_id=D')).items.map(({ exporter_id }) => exporter_id)).toEqual([
      'ready',
      'failed',
    ])
    expect((await items('/api/recordings?room_id=D&status=ready')).items).toHaveLength(1)
    expect((await items('/api/recordings?room_id=none')).items).toEqual([])
    const first = await items('/api/recordings?room_id=D&limit=1')
    const second = await items(`/api/recordings?room_id=D&limit=1&cursor=${first.cursor}`)
    expect([...first.items, ...second.items]).toEqual((await items('/api/recordings?room_id=D')).items)
    expect(second.cursor).toBeNull()
    expect(await system.query('/api/recordings?room_id=D&cursor=x')).toMatchObject({ status: 400 })
  })

  it('come on pages', async () => {
    const seen = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Items = await items(`/api/recordings?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items)
      cursor = page.cursor
    }
    expect(seen).toEqual((await items('/api/recordings')).items)
  })
})

it('boxes are listed by their name, with ports, alerts and what was suppressed', async () => {
  const { items: boxes } = await items('/api/boxes')
  const last = iso(now - 1000)
  expect(boxes).toEqual([
    {
      box_code: 'box-1',
      last_warning_at: last,
      ports: [{ type: 'tcp', port: 8088, last_seen_at: last }],
      alerts_sent: 1,
      alerts_suppressed: 1,
    },
    {
      box_code: 'box-2',
      last_warning_at: last,
      ports: [{ type: 'tcp', port: 7630, last_seen_at: last }],
      alerts_sent: 1,
      alerts_suppressed: 0,
    },
  ])
  const first = await items('/api/boxes?limit=1')
  expect((await items(`/api/boxes?limit=1&cursor=${first.cursor}`)).items).toEqual(boxes.slice(1))
})

it('the cursor of another path is refused, not passed on', async () => {
  const { cursor } = await items('/api/rooms/A/sessions?limit=1')
  const { cursor: events } = await items('/api/rooms/A/events?limit=1')
  const { cursor: rooms } = await items('/api/rooms?status=all&limit=1')
  for (const wrong of [cursor, events, rooms])
    for (const path of ['/api/users/ann%2F1/sessions', '/api/rooms/B/sessions', '/api/boxes', '/api/recordings'])
      expect(await system.query(`${path}?cursor=${wrong}`), `${path} ${wrong}`).toMatchObject({ status: 400 })
})

describe('a bad question', () => {
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
    ['/api/users/ann%2F1/sessions?cursor=x', 400],
    ['/api/recordings?status=gone', 400],
    ['/api/recordings?cursor=x', 400],
    ['/api/boxes?cursor=x', 400],
  ])('%s is answered with %i and a reason', async (path, status) => {
    const answer = await system.query(path)
    expect(answer).toMatchObject({ status, body: { ret: status, msg: expect.stringMatching(/./) } })
  })

  it('a room in which nobody was yet has no sessions', async () => {
    expect(await system.query('/api/rooms/C/sessions')).toMatchObject({
      status: 200,
      body: { items: [], cursor: null },
    })
  })
})

describe('the OpenAPI document', () => {
  it('needs no token and is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0')
    const result = await new Validator().validate(structuredClone(document))
    expect(result).toEqual({ valid: true })
  })

  it('has every path that the API answers, and says what is answered', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    const paths = Object.keys(document.paths as object)
    expect(paths).toHaveLength(9)
    for (const path of paths.filter((one) => one !== '/api/openapi.json')) {
      const place = `api#/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema`
      const validate = ajv.getSchema(encodeURI(place))
      const real = path.replace('{room_id}', 'A').replace('{user_id}', 'ann%2F1')
      for (const query of ['', '?status=all', '?limit=1']) {
        const { status, body } = await system.query(`${real}${path.includes('stats') ? '' : query}`)
        if (status === 400) continue
        expect(status, real).toBe(200)
        expect(validate?.(body), `${real}: ${JSON.stringify(validate?.errors)}`).toBe(true)
        // It says something: an answer with anything more does not fit.
        expect(validate?.({ ...(body as object), more: 1 })).toBe(false)
      }
    }
  })

  it('says what a refusal looks like', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    const validate = ajv.getSchema('api#/components/schemas/Problem')
    for (const path of ['/api/rooms/none', '/api/rooms?limit=x'])
      expect(validate?.((await system.query(path)).body)).toBe(true)
    expect(validate?.((await system.request('/api/rooms')).body)).toBe(true)
  })
})
