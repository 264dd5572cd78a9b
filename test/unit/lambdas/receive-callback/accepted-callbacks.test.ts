import { describe, expect, it } from 'vitest'
import { vectors } from '../../../support/vectors.ts'
import { createReceiver, encodeQuery, join, key, sign } from './callbacks.ts'

const { trace_id: _, ...joinWithoutTraceId } = join

describe('a signed callback', () => {
  it('is sent to the queue and gets a 200 response with ret 0 and msg ok', async () => {
    const { call, sent, counted } = createReceiver()
    const response = await call({ query: encodeQuery(sign(join)), timeEpoch: 1_732_444_111_999 })
    expect(response).toMatchObject({ status: 200, body: { ret: 0, msg: 'ok' } })
    expect(response.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') })
    expect(sent).toEqual([
      { trace_id: join.trace_id, received_at: 1_732_444_111_999, source: 'callback', params: join },
    ])
    expect(counted).toEqual(['accepted'])
  })

  it('gets its response only after the queue has accepted it', async () => {
    const order: string[] = []
    const send = async () => {
      await new Promise(setImmediate)
      order.push('queue')
      return 'accepted' as const
    }
    await createReceiver({ send }).get(sign(join))
    order.push('response')
    expect(order).toEqual(['queue', 'response'])
  })

  it.each(vectors)('is accepted for the test vector $params.event', async ({ params, check_code }) => {
    const { get, sent } = createReceiver()
    expect(await get({ ...params, check_code })).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ trace_id: params.trace_id }])
  })

  it('is accepted at any path below the base path', async () => {
    const { call } = createReceiver()
    const path = '/room_event_history/feedback'
    expect(await call({ path, query: encodeQuery(sign(join)) })).toMatchObject({ status: 200 })
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', encodeQuery(sign(join))],
    ['JSON', 'application/json', JSON.stringify(sign(join))],
  ])('is accepted as a POST with %s, as text or base64', async (_, contentType, body) => {
    for (const isBase64Encoded of [false, true]) {
      const { call, sent } = createReceiver()
      const request = { method: 'POST', headers: { 'content-type': contentType }, body, isBase64Encoded }
      expect(await call(request)).toMatchObject({ status: 200 })
      expect(sent).toMatchObject([{ params: join }])
    }
  })

  it('is accepted as a POST with multipart/form-data', async () => {
    const { call, sent } = createReceiver()
    const form = new FormData()
    for (const [name, value] of Object.entries(sign({ ...join, user_name: '王 🎥' }))) form.append(name, value)
    const encoded = new Response(form)
    const headers = { 'content-type': encoded.headers.get('content-type') ?? '' }
    const body = new Uint8Array(await encoded.arrayBuffer())
    expect(await call({ method: 'POST', headers, body, isBase64Encoded: true })).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ params: { ...join, user_name: '王 🎥' } }])
  })

  it('is accepted as a POST with some parameters in the query string', async () => {
    const { call, sent } = createReceiver()
    const { event, trace_id, ...rest } = sign(join)
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', query: encodeQuery({ event: 'join', trace_id: join.trace_id }), headers }
    expect(await call({ ...request, body: JSON.stringify(rest) })).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ trace_id, params: { event } }])
  })

  it('is enqueued with unknown parameters, but without check_code and the value of token', async () => {
    const { get, sent } = createReceiver()
    const params = sign({ ...join, user_name: 'shan', anything: 'x', token: '77e19b23' })
    expect(await get(params)).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ params: { ...join, user_name: 'shan', anything: 'x' } }])
    expect(JSON.stringify(sent)).not.toContain('77e19b23')
    expect(JSON.stringify(sent)).not.toContain(params.check_code)
  })

  it.each(['hologram_on', 'constructor', '__proto__'])('is accepted with the unknown event %s', async (event) => {
    const { get, sent } = createReceiver()
    expect(await get(sign({ event, trace_id: 't', value: 'x' }))).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ trace_id: 't', params: { event, value: 'x' } }])
  })

  it('is refused with a wrong signature, even if unsigned callbacks are allowed', async () => {
    const { get, sent } = createReceiver({ allowUnsigned: true })
    expect(await get(sign(join, 'other'))).toMatchObject({ status: 401 })
    expect(sent).toEqual([])
  })
})

describe('an unsigned callback', () => {
  it('is accepted if unsigned callbacks are allowed, with or without a key', async () => {
    for (const keys of [[], [key]]) {
      const { get, sent, counted } = createReceiver({ keys, allowUnsigned: true })
      expect(await get(join)).toMatchObject({ status: 200 })
      expect(sent).toMatchObject([{ trace_id: join.trace_id, params: join }])
      expect(counted).toEqual(['accepted'])
    }
  })

  it('gets a trace_id derived from the request id if it has none', async () => {
    const { call, sent } = createReceiver({ keys: [], allowUnsigned: true })
    for (const requestId of ['id-1', 'id-1', 'id-2']) await call({ query: encodeQuery(joinWithoutTraceId), requestId })
    const [first, repeated, other] = sent.map(({ trace_id }) => trace_id)
    expect(first).toContain('id-1')
    expect(repeated).toBe(first)
    expect(other).toContain('id-2')
  })

  it('gets a trace_id derived from the request id if its own is empty', async () => {
    const { call, sent } = createReceiver({ keys: [], allowUnsigned: true })
    await call({ query: encodeQuery({ ...join, trace_id: '' }), requestId: 'id-1' })
    expect(sent[0]?.trace_id).toContain('id-1')
  })

  it('is refused if unsigned callbacks are not allowed, with or without a key', async () => {
    for (const keys of [[], [key]]) {
      const { get, sent, counted } = createReceiver({ keys })
      expect(await get(join)).toMatchObject({ status: 401, body: { msg: expect.stringContaining('check_code') } })
      expect(sent).toEqual([])
      expect(counted).toEqual(['check_code_missing'])
    }
  })
})
