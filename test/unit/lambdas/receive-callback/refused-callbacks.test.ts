import { describe, expect, it } from 'vitest'
import { probeParameters } from '../../../../core/protocol/probe.ts'
import type { CallbackOutcome } from '../../../../names/outcomes.ts'
import type { GatewayRequest } from '../../../support/api-gateway.ts'
import { createReceiver, encodeQuery, join, sign } from './callbacks.ts'

type Receiver = ReturnType<typeof createReceiver>

/** Sends the request and asserts what every refusal has in common. */
async function expectRefusal({ call, sent, counted }: Receiver, request: GatewayRequest, outcome?: CallbackOutcome) {
  const response = await call(request)
  expect(response.body).toEqual({ ret: expect.any(Number), msg: expect.stringMatching(/./) })
  expect(response.body.ret).not.toBe(0)
  expect(response.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') })
  expect(sent).toEqual([])
  expect(counted).toEqual([outcome ?? expect.any(String)])
  return response
}

const omit = (name: string, params: Record<string, string> = join) =>
  Object.fromEntries(Object.entries(params).filter(([other]) => other !== name))
const postJson = (body: string | Uint8Array): GatewayRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
  isBase64Encoded: true,
})

describe('status 400', () => {
  it.each(['event', 'room_id', 'user_id', 'trace_id'])(
    'is returned if %s is missing, with its name in msg',
    async (name) => {
      for (const params of [omit(name), { ...join, [name]: '' }]) {
        const response = await expectRefusal(createReceiver(), { query: encodeQuery(sign(params)) }, 'identity_missing')
        expect(response).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name) } })
      }
    },
  )

  it('is returned if a publish has no stream_id, or a warning no box_code', async () => {
    for (const [event, name] of [
      ['publish', 'stream_id'],
      ['warning_notify', 'box_code'],
    ]) {
      const response = await expectRefusal(createReceiver(), {
        query: encodeQuery(sign({ ...join, event: event ?? '' })),
      })
      expect(response).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name ?? '') } })
    }
  })

  it('is returned if trace_id was renamed, although the signature is valid', async () => {
    const { trace_id, ...others } = sign(join)
    const response = await expectRefusal(createReceiver(), {
      query: encodeQuery({ ...others, trace_ie: trace_id ?? '' }),
    })
    expect(response).toMatchObject({ status: 400, body: { msg: expect.stringContaining('trace_id') } })
  })

  it('is returned if a parameter is repeated, with its name in msg', async () => {
    const request = { query: `${encodeQuery(sign(join))}&room_id=2` }
    const response = await expectRefusal(createReceiver(), request, 'unreadable')
    expect(response).toMatchObject({ status: 400, body: { msg: expect.stringContaining('room_id') } })
  })

  it('is returned if the body does not match its content type', async () => {
    expect(await expectRefusal(createReceiver(), postJson(encodeQuery(sign(join))), 'unreadable')).toMatchObject({
      status: 400,
    })
  })

  it('is returned for a very deeply nested JSON body, or 401 if it can be parsed', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const { call, counted } = createReceiver()
    const { status } = await call(postJson(`{"event":"open","options":${deep}}`))
    expect([400, 401]).toContain(status)
    expect(counted).not.toContain('failed')
  })
})

describe('status 401', () => {
  it('is returned if check_code is missing or empty', async () => {
    for (const params of [join, { ...join, check_code: '' }])
      expect(await expectRefusal(createReceiver(), { query: encodeQuery(params) }, 'check_code_missing')).toMatchObject(
        { status: 401 },
      )
  })

  it('is returned for a wrong key, a changed value, an additional value or a malformed check_code', async () => {
    for (const params of [
      sign(join, 'other'),
      { ...sign(join), user_id: '43' },
      { ...sign(join), user_name: '1' },
      { ...join, check_code: 'x' },
    ])
      expect(await expectRefusal(createReceiver(), { query: encodeQuery(params) }, 'check_code_wrong')).toMatchObject({
        status: 401,
      })
  })

  it('is returned for a probe without or with a wrong check_code, and counted apart from other refusals', async () => {
    const probe = { ...probeParameters('probe-1') }
    for (const params of [probe, sign(probe, 'other')])
      expect(await expectRefusal(createReceiver(), { query: encodeQuery(params) }, 'probe_refused')).toMatchObject({
        status: 401,
      })
  })

  it('is returned for a signed callback if no key is configured', async () => {
    expect(await expectRefusal(createReceiver({ keys: [] }), { query: encodeQuery(sign(join)) })).toMatchObject({
      status: 401,
    })
  })
})

describe('status 403', () => {
  const from = (sourceIp: string) => ({ query: encodeQuery(sign(join)), sourceIp })
  const cidrs = ['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::1']

  it.each(['10.1.0.0', '10.1.255.255', '192.0.2.7', '2001:db8:ffff::1', '::1', '::ffff:10.1.2.3'])(
    'is not returned for the allowed address %s',
    async (address) => {
      expect(await createReceiver({ allowedCidrs: cidrs }).call(from(address))).toMatchObject({ status: 200 })
    },
  )

  it.each(['10.2.0.0', '10.0.255.255', '192.0.2.8', '2001:db9::1', '::2', '::ffff:10.2.0.1', '', 'nonsense'])(
    'is returned for the address %j, which is not allowed',
    async (address) => {
      const response = await expectRefusal(
        createReceiver({ allowedCidrs: cidrs }),
        from(address),
        'address_not_allowed',
      )
      expect(response).toMatchObject({ status: 403 })
    },
  )

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'cf-connecting-ip', 'client-ip'])(
    'is returned even if the header %s claims an allowed address',
    async (name) => {
      const request = { ...from('198.51.100.1'), headers: { [name]: '10.1.0.1' } }
      await expectRefusal(createReceiver({ allowedCidrs: cidrs }), request, 'address_not_allowed')
    },
  )
})

describe('status 403 behind the distribution for plain HTTP', () => {
  const edgeAddress = '64.252.1.1'
  const throughEdge = (viewer: string, sentKey = 'edge-key') => ({
    query: encodeQuery(sign(join)),
    sourceIp: edgeAddress,
    headers: { 'x-northbound-edge-key': sentKey, 'cloudfront-viewer-address': viewer },
  })
  const edgeKey = { outcome: 'configured', value: 'edge-key' } as const
  const settings = { allowedCidrs: ['192.0.2.7', '2001:db8::/32'], edgeKey }

  it.each(['192.0.2.7:46532', '2001:db8::19b:70:41120', '[2001:db8::1]:443'])(
    'is not returned for the allowed viewer address %s',
    async (viewer) => {
      expect(await createReceiver(settings).call(throughEdge(viewer))).toMatchObject({ status: 200 })
    },
  )

  it.each([
    ['192.0.2.8:1', '192.0.2.8'],
    ['2001:db9::7:1', '2001:db9::7'],
    ['', ''],
  ])('is returned for the viewer address %j, with the address in msg', async (viewer, address) => {
    const { body } = await expectRefusal(createReceiver(settings), throughEdge(viewer), 'address_not_allowed')
    expect(body).toEqual({ ret: 403, msg: `callbacks from ${address} are not accepted` })
  })

  it.each(['', 'edge-kez', 'edge-key-and-more'])('is returned if the edge key is wrong: %j', async (sentKey) => {
    const { body } = await expectRefusal(
      createReceiver(settings),
      throughEdge('192.0.2.7:1', sentKey),
      'address_not_allowed',
    )
    expect(body.msg).toBe(`callbacks from ${edgeAddress} are not accepted`)
  })

  it('is returned if there is no distribution, even with its headers', async () => {
    const { allowedCidrs } = settings
    await expectRefusal(createReceiver({ allowedCidrs }), throughEdge('192.0.2.7:1'), 'address_not_allowed')
  })

  it('is not returned if the key was replaced a moment ago', async () => {
    const newestEdgeKey = { outcome: 'configured', value: 'new-edge-key' } as const
    const receiver = createReceiver({ ...settings, newestEdgeKey })
    expect(await receiver.call(throughEdge('192.0.2.7:1', 'new-edge-key'))).toMatchObject({ status: 200 })
  })

  it.each([
    { outcome: 'not_configured' } as const,
    { outcome: 'unusable', error: new Error('the secret is a list') } as const,
    { outcome: 'unreadable', error: new Error('no response') } as const,
  ])("is replaced by 503 if the distribution's secret is $outcome", async (reading) => {
    const { call, counted } = createReceiver({ ...settings, edgeKey: reading })
    expect(await call(throughEdge('192.0.2.7:1', ''))).toMatchObject({ status: 503 })
    expect(counted).toEqual(['failed'])
  })
})

describe('status 405', () => {
  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'get'])('is returned for the method %s', async (method) => {
    const request = { method, query: encodeQuery(sign(join)) }
    expect(await expectRefusal(createReceiver(), request, 'method_not_allowed')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
    })
  })
})

describe('status 413', () => {
  const maxRequestBytes = 256 * 1024
  const bodyOfSize = (size: number) => {
    const empty = Buffer.byteLength(JSON.stringify(sign({ ...join, x: 'y' }))) - 1
    return JSON.stringify(sign({ ...join, x: 'y'.repeat(size - empty) }))
  }

  it('is returned for a body of more than 256 KB, but not of 256 KB', async () => {
    expect(await expectRefusal(createReceiver(), postJson(bodyOfSize(maxRequestBytes + 1)), 'too_large')).toMatchObject(
      { status: 413 },
    )
    expect(await createReceiver().call(postJson(bodyOfSize(maxRequestBytes)))).toMatchObject({ status: 200 })
  })

  it('is returned for a query string and a body that are too large together', async () => {
    const request = { ...postJson(bodyOfSize(maxRequestBytes)), query: 'a=1' }
    expect(await expectRefusal(createReceiver(), request, 'too_large')).toMatchObject({ status: 413 })
  })

  it('is returned for a query string of more than 256 KB', async () => {
    const request = { query: 'x'.repeat(maxRequestBytes + 1) }
    expect(await expectRefusal(createReceiver(), request, 'too_large')).toMatchObject({ status: 413 })
  })

  it('is returned if the message is too large for the queue', async () => {
    const tooLarge = createReceiver({ send: async () => 'too_large' })
    expect(await expectRefusal(tooLarge, { query: encodeQuery(sign(join)) }, 'too_large')).toMatchObject({
      status: 413,
    })
  })
})

describe('status 503', () => {
  const retryAfter = expect.stringMatching(/^[1-9]\d*$/)

  it('is returned with Retry-After if the queue cannot be reached', async () => {
    const down = createReceiver({ send: () => Promise.reject(new Error('no route to host')) })
    const response = await expectRefusal(down, { query: encodeQuery(sign(join)) }, 'queue_unavailable')
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': retryAfter } })
    expect(down.errors).toHaveLength(1)
    expect(response.body.msg).not.toContain('no route')
  })

  it('is the only status with Retry-After', async () => {
    for (const request of [{ query: encodeQuery(join) }, { method: 'PUT' }, { query: 'a=1&a=2' }])
      expect(Object.keys((await createReceiver().call(request)).headers)).not.toContain('retry-after')
  })
})

describe('the order of checks (method, address, size, parsing, signature, identity)', () => {
  const huge = `a=1&a=2&${'x'.repeat(256 * 1024)}`

  it.each<[number, string, GatewayRequest, readonly string[]]>([
    [405, 'a request that fails all checks', { method: 'PUT', query: huge }, ['10.0.0.0/8']],
    [403, 'a request that fails all checks but the method', { query: huge }, ['10.0.0.0/8']],
    [413, 'a request that is too large, repeats a parameter and is unsigned', { query: huge }, []],
    [400, 'a request that repeats a parameter, is unsigned and lacks identity', { query: 'a=1&a=2' }, []],
    [401, 'a request that is unsigned and lacks identity', { query: 'a=1' }, []],
    [400, 'a request that is signed and lacks identity', { query: encodeQuery(sign({ a: '1' })) }, []],
  ])('returns %i for %s', async (status, _, request, allowedCidrs) => {
    expect(await expectRefusal(createReceiver({ allowedCidrs }), request)).toMatchObject({ status })
  })
})
