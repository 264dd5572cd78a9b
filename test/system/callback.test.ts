import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { copyAssembly } from '../support/copy-assembly.ts'
import {
  checkCodeKey,
  computeCheckCode,
  type System,
  type SystemResponse,
  signParameters,
  startSystem,
} from '../support/system.ts'
import { vectors } from '../support/vectors.ts'

const accepted = { status: 200, body: { ret: 0, msg: 'ok' } }
const join = { event: 'join', trace_id: 't1', room_id: 'R', user_id: 'U', event_type: 'normal', endpoint_type: 'web' }

/** Functions that build a request with the given parameters, by format. */
const requestBuilders: Record<string, (params: Record<string, string>) => { path: string; init?: RequestInit }> = {
  'a GET request': (params) => ({ path: `?${new URLSearchParams(params)}` }),
  'a GET request below the base path': (params) => ({ path: `/feedback?${new URLSearchParams(params)}` }),
  'a form': (params) => ({ path: '', init: { method: 'POST', body: new URLSearchParams(params) } }),
  'multipart form data': (params) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(params)) body.set(name, value)
    return { path: '', init: { method: 'POST', body } }
  },
  JSON: (params) => ({
    path: '',
    init: { method: 'POST', body: JSON.stringify(params), headers: { 'content-type': 'application/json' } },
  }),
}

const encodings: Record<string, (digest: Buffer) => string> = {
  hex: (digest) => digest.toString('hex'),
  'upper-case hex': (digest) => digest.toString('hex').toUpperCase(),
  base64: (digest) => digest.toString('base64'),
  base64url: (digest) => digest.toString('base64url'),
  'base64 of the hex text': (digest) => Buffer.from(digest.toString('hex')).toString('base64'),
}

describe('a signed callback', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem({ checkCodeKey })
  })
  afterAll(() => system.run.stop())

  const send = (format: string, params: Record<string, string>): Promise<SystemResponse> => {
    const { path, init } = requestBuilders[format]?.(params) ?? { path: '' }
    return system.request(`/room_event_history${path}`, init)
  }

  describe.each(Object.keys(requestBuilders))('sent as %s', (format) => {
    it.each(Object.keys(encodings))('is accepted with check_code in %s', async (encoding) => {
      for (const { params, check_code } of vectors) {
        const digest = Buffer.from(check_code, 'hex')
        const response = await send(format, { ...params, check_code: encodings[encoding]?.(digest) ?? '' })
        expect(response).toMatchObject(accepted)
      }
    })
  })

  it('is recorded once even if it was sent repeatedly in different formats and encodings', async () => {
    await system.settle()
    for (const { params } of vectors.filter((vector) => 'room_id' in vector.params)) {
      const { body } = await system.query(`/api/rooms/${params.room_id}/events`)
      const { items } = body as { items: { trace_id: string }[] }
      expect(items.filter((item) => item.trace_id === params.trace_id)).toHaveLength(1)
    }
  })

  it('is accepted if a value was signed in its percent-encoded form', async () => {
    const name = encodeURIComponent('王小明')
    const check_code = computeCheckCode({ ...join, trace_id: 't-sent', user_name: name }).toString('hex')
    const query = `${new URLSearchParams({ ...join, trace_id: 't-sent' })}&user_name=${name}&check_code=${check_code}`
    expect(await system.request(`/room_event_history?${query}`)).toMatchObject(accepted)
  })

  it('is accepted and stored as signed if API Gateway passes the query and the body unchanged', async () => {
    const params = { ...join, room_id: 'R-readings', user_id: '+8613800138000', user_name: '王' }
    const signWith = (trace_id: string) => new URLSearchParams(signParameters({ ...params, trace_id })).toString()
    const withBarePlus = (trace_id: string) => signWith(trace_id).replace('%2B', '+')
    const inGbk = (trace_id: string) => Buffer.from(signWith(trace_id).replace('%E7%8E%8B', '\xcd\xf5'), 'latin1')
    const post = (contentType: string, body: string | Buffer) =>
      system.request('/room_event_history?site=3', { method: 'POST', headers: { 'content-type': contentType }, body })
    const responses = [
      await system.request(`/room_event_history?${withBarePlus('t-1')}`),
      await system.request(`/room_event_history?site=3?${withBarePlus('t-2')}`),
      await post('application/x-www-form-urlencoded', inGbk('t-3')),
      await post('text/plain', JSON.stringify(signParameters({ ...params, trace_id: 't-4' }))),
    ]
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    await system.settle()
    const { body } = await system.query('/api/rooms/R-readings/events')
    const { items } = body as { items: { params: unknown }[] }
    expect(items.map((item) => item.params)).toEqual(
      ['t-1', 't-2', 't-3', 't-4'].map((trace_id) => ({ ...params, trace_id })),
    )
  })

  it('is shown with the numbers of its recording files as sent', async () => {
    const recording = { event: 'record_transcoding_completion', event_type: 'success', room_id: 'R-files' }
    const files = '[{"file_id":1812345678901234567,"rate":1e400}]'
    const params = { ...recording, trace_id: 't-files', exporter_id: 'E', options: files, start_time: '20261126120000' }
    expect(await system.callback(signParameters(params))).toMatchObject(accepted)
    await system.settle()
    const headers = { authorization: `Bearer ${system.run.apiToken}` }
    const response = await fetch(`${system.run.url}/api/recordings?room_id=R-files`, { headers })
    const text = await response.text()
    expect(text).toContain(`"files":${files}`)
    expect(text).toContain('"started_at":"2026-11-26T04:00:00.000Z"')
  })

  it('is accepted if its event is unknown', async () => {
    expect(await system.callback(signParameters({ event: 'hologram_on', trace_id: 't-unknown' }))).toMatchObject(
      accepted,
    )
  })
})

describe('a rejected callback stores nothing but a sample and its number, and gets a response', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem({ checkCodeKey })
  })
  afterAll(() => system.run.stop())
  afterEach(async () => {
    await system.settle()
    expect(await system.countItems('EventLogTableName')).toBe(0)
    expect(await system.countItems('StateTableName')).toBe((await listRefused()).length)
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
    expect(system.run.calls().filter((call) => call.action === 'sqs:SendMessage')).toEqual([])
  })

  const listRefused = async () => {
    const { body } = await system.query('/api/refused')
    return (body as { items: unknown[] }).items
  }

  it('with 401, and what it sent can be queried without the key and the check_code', async () => {
    // The first request that is refused in an environment is always sampled.
    const params = { ...signParameters(join), user_name: `my ${checkCodeKey}`, note: 'a\u0007' }
    expectRejection(await system.callback(params), 401, /check_code is wrong/)
    expect(await listRefused()).toEqual([
      {
        at: expect.stringMatching(/Z$/),
        outcome: 'check_code_wrong',
        msg: expect.stringMatching(/^check_code is wrong/),
        method: 'GET',
        source_address: '127.0.0.1',
        parameters: expect.arrayContaining([
          { name: 'room_id', value: 'R' },
          { name: 'check_code', value: '[redacted]' },
          { name: 'user_name', value: '[redacted]' },
          { name: 'note', value: 'a\\u0007' },
        ]),
      },
    ])
    const { body } = await system.query('/api/callbacks')
    expect(body).toMatchObject({
      callbacks: 0,
      refused: expect.arrayContaining([{ outcome: 'check_code_wrong', callbacks: 1 }]),
    })
    expect(system.run.denials).toEqual([])
  })

  function expectRejection(response: SystemResponse, status: number, msg: RegExp): void {
    expect(response).toMatchObject({ status, body: { ret: expect.any(Number), msg: expect.stringMatching(msg) } })
    expect(response.body).not.toMatchObject({ ret: 0 })
  }
  const without = (name: string, params: Record<string, string>) =>
    Object.fromEntries(Object.entries(params).filter(([other]) => other !== name))

  it.each([
    ['event', join],
    ['room_id', join],
    ['user_id', join],
    ['trace_id', join],
    ['stream_id', { ...join, event: 'publish', stream_id: 's', stream_type: 'audio' }],
    ['box_code', { event: 'warning_notify', trace_id: 't', event_type: 'check_port', box_code: 'b', options: '[]' }],
  ])('with 400 if %s is missing or empty', async (name, params) => {
    expectRejection(await system.callback(signParameters(without(name, params))), 400, new RegExp(`"${name}"`))
    expectRejection(await system.callback(signParameters({ ...params, [name]: '' })), 400, new RegExp(`"${name}"`))
  })

  it('with 400 if trace_id was renamed, although the signature is still valid', async () => {
    const { trace_id, ...rest } = signParameters(join)
    expectRejection(await system.callback({ ...rest, trace_ie: trace_id ?? '' }), 400, /"trace_id"/)
  })

  it('with 400 if a parameter has different values in the query or in query and body', async () => {
    const query = new URLSearchParams(signParameters(join)).toString()
    expectRejection(await system.request(`/room_event_history?${query}&room_id=S`), 400, /"room_id" is repeated/)
    const body = new URLSearchParams({ room_id: 'S' })
    const both = await system.request(`/room_event_history?${query}`, { method: 'POST', body })
    expectRejection(both, 400, /"room_id" is repeated/)
  })

  it.each([
    ['application/json', 'event=join&room_id=R'],
    ['application/json', '[1, 2]'],
    ['application/json', '{"event":"join"'],
    ['application/x-www-form-urlencoded', '{"event":"join"}'],
    ['multipart/form-data; boundary=x', 'event=join&room_id=R'],
    ['multipart/form-data', 'event=join&room_id=R'],
    ['application/x-www-form-urlencoded; charset=utf-8', Buffer.from([0xff, 0xfe, 0x41])],
    ['text/xml', '<event>join</event>'],
  ])('with 400 if the body does not match its content type %s', async (contentType, body) => {
    const init = { method: 'POST', body, headers: { 'content-type': contentType } }
    expectRejection(await system.request('/room_event_history', init), 400, /body|content type/)
  })

  it('with 401 if check_code is missing or wrong', async () => {
    expectRejection(await system.callback(join), 401, /check_code is missing/)
    expectRejection(await system.callback({ ...join, check_code: '' }), 401, /check_code is missing/)
    expectRejection(await system.callback(signParameters(join, 'another key')), 401, /check_code/)
    expectRejection(await system.callback({ ...signParameters(join), user_id: 'V' }), 401, /check_code/)
    expectRejection(await system.callback({ ...join, check_code: 'x' }), 401, /check_code/)
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('with 405 if the method is %s', async (method) => {
    expectRejection(await system.request('/room_event_history', { method }), 405, /GET and POST/)
  })

  it('with 413 if the body or the query exceeds 256 KB', async () => {
    const large = 'x'.repeat(256 * 1024)
    const body = new URLSearchParams(signParameters({ ...join, large }))
    expectRejection(await system.request('/room_event_history', { method: 'POST', body }), 413, /256 KB/)
    const megabyte = `/room_event_history?${new URLSearchParams(join)}&large=${'x'.repeat(1024 * 1024)}`
    expectRejection(await system.request(megabyte), 413, /256 KB/)
  })
})

describe('a callback from 127.0.0.1', () => {
  it.each([
    ['203.0.113.0/24', 403],
    ['203.0.113.0/24,127.0.0.1', 200],
    ['127.0.0.0/8', 200],
    ['2001:db8::/32', 403],
  ])('with allowedCidrs=%s gets a response with status %i', async (allowedCidrs, status) => {
    const system = await startSystem({ assembly: await copyAssembly('unsigned', { ALLOWED_CIDRS: allowedCidrs }) })
    try {
      const response = await system.callback(join)
      expect(response.status).toBe(status)
      if (status === 403) expect(response.body).toMatchObject({ ret: 403, msg: expect.stringContaining('127.0.0.1') })
      await system.settle()
      expect(await system.countItems('EventLogTableName')).toBe(status === 200 ? 1 : 0)
    } finally {
      await system.run.stop()
    }
  })
})
