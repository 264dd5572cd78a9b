import { describe, expect, it } from 'vitest'
import type { CallbackOutcome } from '../../../../names/outcomes.ts'
import type { GatewayRequest } from '../../../support/api-gateway.ts'
import { join, query, receiver, signed } from './callbacks.ts'

type Receiver = ReturnType<typeof receiver>

/** Calls, and checks what holds for every refusal. */
async function refused({ call, sent, counted }: Receiver, request: GatewayRequest, cause?: CallbackOutcome) {
  const answer = await call(request)
  expect(answer.body).toEqual({ ret: expect.any(Number), msg: expect.stringMatching(/./) })
  expect(answer.body.ret).not.toBe(0)
  expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') })
  expect(sent).toEqual([])
  expect(counted).toEqual([cause ?? expect.any(String)])
  return answer
}

const without = (name: string, params: Record<string, string> = join) =>
  Object.fromEntries(Object.entries(params).filter(([other]) => other !== name))
const json = (body: string | Uint8Array): GatewayRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
  isBase64Encoded: true,
})

describe('400', () => {
  it.each(['event', 'room_id', 'user_id', 'trace_id'])('where %s is missing: msg names it', async (name) => {
    for (const params of [without(name), { ...join, [name]: '' }]) {
      const answer = await refused(receiver(), { query: query(signed(params)) }, 'identity_missing')
      expect(answer).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name) } })
    }
  })

  it('where a stream has no stream_id, or a warning no box_code', async () => {
    for (const [event, name] of [
      ['publish', 'stream_id'],
      ['warning_notify', 'box_code'],
    ]) {
      const answer = await refused(receiver(), { query: query(signed({ ...join, event: event ?? '' })) })
      expect(answer).toMatchObject({ status: 400, body: { msg: expect.stringContaining(name ?? '') } })
    }
  })

  it('where the name of trace_id was changed, though the signature holds', async () => {
    const { trace_id, ...others } = signed(join)
    const answer = await refused(receiver(), { query: query({ ...others, trace_ie: trace_id ?? '' }) })
    expect(answer).toMatchObject({ status: 400, body: { msg: expect.stringContaining('trace_id') } })
  })

  it('where a parameter is repeated: msg names it', async () => {
    const request = { query: `${query(signed(join))}&room_id=2` }
    const answer = await refused(receiver(), request, 'unreadable')
    expect(answer).toMatchObject({ status: 400, body: { msg: expect.stringContaining('room_id') } })
  })

  it('where the body is not what its content type says', async () => {
    expect(await refused(receiver(), json(query(signed(join))), 'unreadable')).toMatchObject({ status: 400 })
  })

  it('where a JSON body is nested very deeply, or 200 where it can be read: it is no failure of ours', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const { call, counted } = receiver()
    const { status } = await call(json(`{"event":"open","options":${deep}}`))
    expect([400, 401]).toContain(status)
    expect(counted).not.toContain('failed')
  })
})

describe('401', () => {
  it('where check_code is missing or empty', async () => {
    for (const params of [join, { ...join, check_code: '' }])
      expect(await refused(receiver(), { query: query(params) }, 'check_code_missing')).toMatchObject({ status: 401 })
  })

  it('where check_code is wrong: by key, by a changed value, by a value more, or garbage', async () => {
    for (const params of [
      signed(join, 'other'),
      { ...signed(join), user_id: '43' },
      { ...signed(join), more: '1' },
      { ...join, check_code: 'x' },
    ])
      expect(await refused(receiver(), { query: query(params) }, 'check_code_wrong')).toMatchObject({ status: 401 })
  })

  it('where check_code is there and no key is configured, unless unsigned ones are allowed', async () => {
    expect(await refused(receiver({ keys: [] }), { query: query(signed(join)) })).toMatchObject({ status: 401 })
  })
})

describe('403', () => {
  const from = (sourceIp: string) => ({ query: query(signed(join)), sourceIp })
  const cidrs = ['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::1']

  it.each(['10.1.0.0', '10.1.255.255', '192.0.2.7', '2001:db8:ffff::1', '::1', '::ffff:10.1.2.3'])(
    'not for %s, which is inside',
    async (address) => {
      expect(await receiver({ allowedCidrs: cidrs }).call(from(address))).toMatchObject({ status: 200 })
    },
  )

  it.each(['10.2.0.0', '10.0.255.255', '192.0.2.8', '2001:db9::1', '::2', '::ffff:10.2.0.1', '', 'nonsense'])(
    'for %j, which is outside',
    async (address) => {
      const answer = await refused(receiver({ allowedCidrs: cidrs }), from(address), 'address_not_allowed')
      expect(answer).toMatchObject({ status: 403 })
    },
  )
})

describe('403 behind the distribution for plain HTTP', () => {
  const ofEdge = '64.252.1.1'
  const through = (viewer: string, sent = 'edge-key') => ({
    query: query(signed(join)),
    sourceIp: ofEdge,
    headers: { 'x-northbound-edge-key': sent, 'cloudfront-viewer-address': viewer },
  })
  const settings = { allowedCidrs: ['192.0.2.7', '2001:db8::/32'], edgeKey: { key: 'edge-key' } }

  it.each(['192.0.2.7:46532', '2001:db8::19b:70:41120', '[2001:db8::1]:443'])(
    'not for a caller at %s',
    async (viewer) => {
      expect(await receiver(settings).call(through(viewer))).toMatchObject({ status: 200 })
    },
  )

  it.each([
    ['192.0.2.8:1', '192.0.2.8'],
    ['2001:db9::7:1', '2001:db9::7'],
    ['', ''],
  ])('for a caller at %j, named as it is', async (viewer, named) => {
    const { body } = await refused(receiver(settings), through(viewer), 'address_not_allowed')
    expect(body).toEqual({ ret: 403, msg: `callbacks from ${named} are not accepted` })
  })

  it.each(['', 'edge-kez', 'edge-key-and-more'])('for who only says where it comes from: key %j', async (sent) => {
    const { body } = await refused(receiver(settings), through('192.0.2.7:1', sent), 'address_not_allowed')
    expect(body.msg).toBe(`callbacks from ${ofEdge} are not accepted`)
  })

  it('for the same words where there is no distribution', async () => {
    const { allowedCidrs } = settings
    await refused(receiver({ allowedCidrs }), through('192.0.2.7:1'), 'address_not_allowed')
  })

  it('but for no key in its secret: 503, since nothing can be said', async () => {
    for (const edgeKey of [{}, { key: '' }, null]) {
      const { call, counted } = receiver({ ...settings, edgeKey })
      expect(await call(through('192.0.2.7:1', ''))).toMatchObject({ status: 503 })
      expect(counted).toEqual(['failed'])
    }
  })
})

describe('405', () => {
  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'get'])('for %s', async (method) => {
    const request = { method, query: query(signed(join)) }
    expect(await refused(receiver(), request, 'method_not_allowed')).toMatchObject({ status: 405 })
  })
})

describe('413', () => {
  const limit = 256 * 1024
  const ofSize = (size: number) => {
    const empty = Buffer.byteLength(JSON.stringify(signed({ ...join, x: 'y' }))) - 1
    return JSON.stringify(signed({ ...join, x: 'y'.repeat(size - empty) }))
  }

  it('for a body of more than 256 KB, not for one of 256 KB', async () => {
    expect(await refused(receiver(), json(ofSize(limit + 1)), 'too_large')).toMatchObject({ status: 413 })
    expect(await receiver().call(json(ofSize(limit)))).toMatchObject({ status: 200 })
  })

  it('for a query string and a body that are too large together', async () => {
    const request = { ...json(ofSize(limit)), query: 'a=1' }
    expect(await refused(receiver(), request, 'too_large')).toMatchObject({ status: 413 })
  })

  it('for a query string of more than 256 KB', async () => {
    const request = { query: 'x'.repeat(limit + 1) }
    expect(await refused(receiver(), request, 'too_large')).toMatchObject({ status: 413 })
  })

  it('where the queue says that the message is too large', async () => {
    const tooLarge = receiver({ send: async () => 'too_large' })
    expect(await refused(tooLarge, { query: query(signed(join)) }, 'too_large')).toMatchObject({ status: 413 })
  })
})

describe('503', () => {
  const retryAfter = expect.stringMatching(/^[1-9]\d*$/)

  it('with Retry-After, where the queue could not be reached', async () => {
    const down = receiver({ send: () => Promise.reject(new Error('no route to host')) })
    const answer = await refused(down, { query: query(signed(join)) }, 'queue_unavailable')
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': retryAfter } })
    expect(down.errors).toHaveLength(1)
    expect(answer.body.msg).not.toContain('no route')
  })

  it('with Retry-After, where the keys cannot be read: the event was not checked', async () => {
    const locked = receiver({ read: () => Promise.reject(new Error('secret unreadable')) })
    const answer = await refused(locked, { query: query(signed(join)) }, 'failed')
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': retryAfter } })
    expect(answer.body.msg).not.toContain('secret unreadable')
  })

  it('is the only answer that asks to come again', async () => {
    for (const request of [{ query: query(join) }, { method: 'PUT' }, { query: 'a=1&a=2' }])
      expect(Object.keys((await receiver().call(request)).headers)).not.toContain('retry-after')
  })
})

describe('the checks come in this order: method, address, size, reading, signature, identity', () => {
  const huge = `a=1&a=2&${'x'.repeat(256 * 1024)}`

  it.each<[number, string, GatewayRequest, readonly string[]]>([
    [405, 'all wrong', { method: 'PUT', query: huge }, ['10.0.0.0/8']],
    [403, 'all but the method', { query: huge }, ['10.0.0.0/8']],
    [413, 'too large, repeated, unsigned', { query: huge }, []],
    [400, 'repeated, unsigned, without identity', { query: 'a=1&a=2' }, []],
    [401, 'unsigned, without identity', { query: 'a=1' }, []],
    [400, 'signed, without identity', { query: query(signed({ a: '1' })) }, []],
  ])('%i where it is %s', async (status, _, request, allowedCidrs) => {
    expect(await refused(receiver({ allowedCidrs }), request)).toMatchObject({ status })
  })
})
