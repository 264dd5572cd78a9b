import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSheet } from '../support/read-xlsx.ts'
import { day, hourMs, iso, type ListPage, now, startWithData } from './query-api-data.ts'

let system: Awaited<ReturnType<typeof startWithData>>
beforeAll(async () => {
  system = await startWithData()
})
afterAll(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

const list = (path: string) => system.list(path)

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
