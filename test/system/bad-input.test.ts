import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

describe('the running system given unusual input', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem({ visibilityTimeoutSeconds: 1 })
  })
  afterAll(async () => {
    // No input may leave a message unprocessed.
    await system.settle()
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
    expect(system.run.denials).toEqual([])
    await system.run.stop()
  })

  const listEvents = async (room: string) => {
    await system.settle()
    const { body } = await system.query(`/api/events?room_id=${encodeURIComponent(room)}`)
    return (body as { items: { trace_id: string; params: Record<string, string>; quarantined?: string }[] }).items
  }

  it('stores malformed percent-encoding as it was sent', async () => {
    const query = 'event=join&trace_id=p1&room_id=P&user_id=100%&user_name=%E7%8&note=%zz&bad=%ff%fe'
    expect(await system.request(`/room_event_history?${query}`)).toMatchObject({ status: 200 })
    expect(await listEvents('P')).toMatchObject([
      { params: { user_id: '100%', user_name: '%E7%8', note: '%zz', bad: '%ff%fe' } },
    ])
  })

  it('stores control characters, emoji and noncharacters, and replaces unpaired surrogates', async () => {
    const name = `\u0000\u0001\u0007\u001b\t\r\n\u007f\u0085\u2028 🎥 \ufffe\uffff "quoted" \\ <b>`
    expect(
      await system.callback({ event: 'join', trace_id: 'c\u0001', room_id: 'C', user_id: '\u0002🎥', user_name: name }),
    ).toMatchObject({ status: 200 })
    const unpaired = JSON.stringify({ event: 'join', trace_id: 'c2', room_id: 'C', user_id: 'half \ud83c pair' })
    const json = { method: 'POST', body: unpaired, headers: { 'content-type': 'application/json' } }
    expect(await system.request('/room_event_history', json)).toMatchObject({ status: 200 })
    expect(await listEvents('C')).toMatchObject([
      { trace_id: 'c\u0001', params: { user_id: '\u0002🎥', user_name: name } },
      { trace_id: 'c2', params: { user_id: 'half \ufffd pair' } },
    ])
    const { body } = await system.query('/api/rooms/C')
    expect(body).toMatchObject({
      room: { present: 2 },
      participants: expect.arrayContaining([expect.objectContaining({ user_name: name })]),
    })
  })

  it.each(['room_id', 'user_id', 'trace_id', 'stream_id'])('accepts a %s of 2 KB', async (name) => {
    const long = '长'.repeat(683)
    const params = {
      event: 'publish',
      trace_id: `l-${name}`,
      room_id: 'L',
      user_id: 'U',
      stream_id: 's',
      stream_type: 'audio',
    }
    const join = { ...params, event: 'join', trace_id: `j-${name}`, ...(name === 'trace_id' ? {} : { [name]: long }) }
    expect(await system.callback(join)).toMatchObject({ status: 200 })
    expect(await system.callback({ ...params, [name]: long })).toMatchObject({ status: 200 })
    const room = name === 'room_id' ? long : 'L'
    const stored = await listEvents(room)
    expect(stored.filter((item) => item.params[name] === long || item.trace_id === long)).not.toEqual([])
    const details = await system.query(`/api/room?room_id=${encodeURIComponent(room)}`)
    expect(details).toMatchObject({ status: 200, body: { room: { room_id: room } } })
    expect(JSON.stringify(details.body)).toContain(name === 'trace_id' ? '"in_room"' : long)
  })

  it('keeps ids apart that contain the separators of storage keys', async () => {
    const ids = [
      ['a/user/b', 'c'],
      ['a', 'b/user/c'],
      ['a#', 'b'],
      ['a', '#b'],
      ['a%2f', 'b'],
      ['a/', 'b'],
      ['~a', 'b'],
      ['events', '..'],
    ]
    for (const [index, [room_id = '', user_id = '']] of ids.entries())
      expect(await system.callback({ event: 'join', trace_id: `k-${index}`, room_id, user_id })).toMatchObject({
        status: 200,
      })
    await system.settle()
    for (const [room_id = '', user_id = ''] of ids) {
      const { body } = await system.query(`/api/room?room_id=${encodeURIComponent(room_id)}`)
      expect(body).toMatchObject({ participants: expect.arrayContaining([expect.objectContaining({ user_id })]) })
    }
    const { body } = await system.query(`/api/room?room_id=${encodeURIComponent('a/user/b')}`)
    expect(body).toMatchObject({ room: { present: 1 } })
  })

  it('accepts options that are not JSON: a warning has no ports, and a recording shows the text as its files', async () => {
    const warning = {
      event: 'warning_notify',
      trace_id: 'o1',
      event_type: 'check_port',
      box_code: 'odd box',
      options: '{oops',
    }
    expect(await system.callback(warning)).toMatchObject({ status: 200 })
    const done = {
      event: 'record_transcoding_completion',
      trace_id: 'o2',
      room_id: 'O',
      event_type: 'success',
      options: '{oops',
      exporter_id: 'E',
      exporter_type: 'mp4',
      start_time: 'yesterday',
    }
    expect(await system.callback(done)).toMatchObject({ status: 200 })
    await system.settle()
    expect(await system.storedItem({ kind: 'box', box_code: 'odd box' })).toMatchObject({
      state: { M: { ports: { L: [] }, alerts_sent: { N: '1' } } },
    })
    expect((await system.query('/api/rooms/O')).body).toMatchObject({
      recordings: [{ status: 'ready', files: '{oops', started_at: null }],
    })
  })

  it('quarantines an event that reuses a trace_id with other content, states the reason and keeps the first event', async () => {
    const join = {
      event: 'join',
      trace_id: 'reused',
      room_id: 'Q',
      user_id: 'U',
      event_type: 'normal',
      user_name: 'first',
    }
    expect(await system.callback(join)).toMatchObject({ status: 200 })
    await system.settle()
    expect(await system.callback({ ...join, user_name: 'second' })).toMatchObject({ status: 200 })
    expect(await system.callback({ ...join, event: 'leave' })).toMatchObject({ status: 200 })
    expect(await listEvents('Q')).toMatchObject([
      { trace_id: 'reused', params: { user_name: 'first' } },
      { trace_id: 'reused', params: { user_name: 'second' }, quarantined: expect.stringContaining('reused') },
      { trace_id: 'reused', params: { event: 'leave' }, quarantined: expect.stringContaining('reused') },
    ])
    expect((await system.query('/api/rooms/Q')).body).toMatchObject({
      participants: [{ status: 'in_room', user_name: 'first', reconnects: 0 }],
    })
  })

  it('applies an event of the maximum accepted size', async () => {
    const large = 'é"\u0001'.repeat(20_000)
    const body = JSON.stringify({ event: 'join', trace_id: 'large', room_id: 'X', user_id: 'U', large })
    const json = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    expect(await system.request('/room_event_history', json)).toMatchObject({ status: 200 })
    expect(await listEvents('X')).toMatchObject([{ params: { large } }])
  })

  it('rejects ids longer than 4 KB and events that exceed the size of an item', async () => {
    const join = { event: 'join', trace_id: 'g1', room_id: 'G', user_id: 'U' }
    for (const name of ['trace_id', 'room_id', 'user_id']) {
      const body = new URLSearchParams({ ...join, [name]: 'x'.repeat(4097) })
      const response = await system.request('/room_event_history', { method: 'POST', body })
      expect(response).toMatchObject({ status: 400, body: { ret: 400, msg: expect.stringContaining(`"${name}"`) } })
    }
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...join, user_name: '"'.repeat(250_000) })) body.set(name, value)
    expect(await system.request('/room_event_history', { method: 'POST', body })).toMatchObject({ status: 413 })
  })

  it('rejects malformed nested JSON and shows deeply nested values as text', async () => {
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const json = {
      method: 'POST',
      body: `{"event":"open","trace_id":"v0","room_id":"V","deep":${nested.slice(1)}}`,
      headers: { 'content-type': 'application/json' },
    }
    expect(await system.request('/room_event_history', json)).toMatchObject({ status: 400 })
    const deep = { ...json, body: `{"event":"open","trace_id":"v0","room_id":"V","deep":${nested}}` }
    expect((await system.request('/room_event_history', deep)).status).toBe(200)
    const done = {
      event: 'record_transcoding_completion',
      trace_id: 'v1',
      room_id: 'V',
      event_type: 'success',
      exporter_id: 'E',
      options: nested,
    }
    expect(
      await system.request('/room_event_history', { method: 'POST', body: new URLSearchParams(done) }),
    ).toMatchObject({ status: 200 })
    await system.settle()
    expect(await system.query('/api/rooms/V')).toMatchObject({ status: 200, body: { recordings: [{ files: nested }] } })
  })

  it('lists a room whose id begins with a control character', async () => {
    expect(await system.callback({ event: 'open', trace_id: 'w1', room_id: '\u0001W' })).toMatchObject({ status: 200 })
    await system.settle()
    const { body } = await system.query('/api/rooms?limit=1000')
    expect((body as { items: { room_id: string }[] }).items.map((item) => item.room_id)).toContain('\u0001W')
  })

  it('accepts parameters without a name or named like JavaScript properties', async () => {
    const query = 'event=join&trace_id=n1&room_id=N&user_id=U&=nameless&constructor=c&__proto__=p&toString=t'
    expect(await system.request(`/room_event_history?${query}`)).toMatchObject({ status: 200 })
    expect(await listEvents('N')).toMatchObject([{ params: { constructor: 'c', toString: 't' } }])
  })

  it.each([
    '/api/rooms?limit=0',
    '/api/rooms?limit=1001',
    '/api/rooms?limit=x',
    '/api/rooms?status=ajar',
    '/api/rooms?cursor=zz',
    ...[
      ['open', -1, ''],
      ['open', 99, ''],
      ['open', 1.5, ''],
      ['closed', 0, ''],
      ['open', 0],
    ].map((parts) => `/api/rooms?cursor=${Buffer.from(JSON.stringify(parts)).toString('base64url')}`),
    `/api/rooms/N/events?cursor=${Buffer.from('[0,"room/other","t","o"]').toString('base64url')}`,
    '/api/rooms/N/events?limit=-1',
    '/api/rooms/N/events?cursor=%00',
  ])('responds with 400 to %s', async (path) => {
    expect(await system.query(path)).toMatchObject({
      status: 400,
      body: { ret: 400, msg: expect.stringMatching(/"(limit|status|cursor)"/) },
    })
  })

  it('responds with 401 without the API token and with 404 to unknown paths and rooms', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${system.run.apiToken}`, system.run.apiToken])
      expect(await system.request('/api/rooms', { headers: { authorization } })).toMatchObject({
        status: 401,
        body: { ret: 401 },
      })
    for (const path of ['/api/rooms/none', '/api/rooms/none/events', '/api/nothing', '/api/rooms/'])
      expect(await system.query(path)).toMatchObject({ status: 404 })
  })
})
