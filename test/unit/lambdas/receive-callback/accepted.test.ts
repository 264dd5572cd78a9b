import { describe, expect, it } from 'vitest'
import { vectors } from '../../../support/vectors.ts'
import { join, key, query, receiver, signed } from './callbacks.ts'

const { trace_id: _, ...joinWithoutTrace } = join

describe('an accepted callback', () => {
  it('is answered with 200, ret 0 and ok, and is on the queue', async () => {
    const { call, sent, counted } = receiver()
    const answer = await call({ query: query(signed(join)), timeEpoch: 1_732_444_111_999 })
    expect(answer).toMatchObject({ status: 200, body: { ret: 0, msg: 'ok' } })
    expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') })
    expect(sent).toEqual([
      { trace_id: join.trace_id, received_at: 1_732_444_111_999, source: 'callback', params: join },
    ])
    expect(counted).toEqual(['accepted'])
  })

  it('is answered only after the queue has accepted it', async () => {
    const order: string[] = []
    const send = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('queue')
      return 'accepted' as const
    }
    await receiver({ send }).get(signed(join))
    order.push('answer')
    expect(order).toEqual(['queue', 'answer'])
  })

  it.each(vectors)('may be the vector $params.event', async ({ params, check_code }) => {
    const { get, sent } = receiver()
    expect(await get({ ...params, check_code })).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ trace_id: params.trace_id }])
  })

  it('may come anywhere below the base path', async () => {
    const { call } = receiver()
    const path = '/room_event_history/feedback'
    expect(await call({ path, query: query(signed(join)) })).toMatchObject({ status: 200 })
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', query(signed(join))],
    ['JSON', 'application/json', JSON.stringify(signed(join))],
  ])('may be a POST with %s, in text or in base64', async (_, contentType, body) => {
    for (const isBase64Encoded of [false, true]) {
      const { call, sent } = receiver()
      const request = { method: 'POST', headers: { 'content-type': contentType }, body, isBase64Encoded }
      expect(await call(request)).toMatchObject({ status: 200 })
      expect(sent).toMatchObject([{ params: join }])
    }
  })

  it('may be a POST with multipart', async () => {
    const { call, sent } = receiver()
    const form = new FormData()
    for (const [name, value] of Object.entries(signed({ ...join, user_name: '王 🎥' }))) form.append(name, value)
    const response = new Response(form)
    const headers = { 'content-type': response.headers.get('content-type') ?? '' }
    const body = new Uint8Array(await response.arrayBuffer())
    expect(await call({ method: 'POST', headers, body, isBase64Encoded: true })).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ params: { ...join, user_name: '王 🎥' } }])
  })

  it('may be a POST with some of its parameters in the query string', async () => {
    const { call, sent } = receiver()
    const { event, trace_id, ...rest } = signed(join)
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', query: query({ event: 'join', trace_id: join.trace_id }), headers }
    expect(await call({ ...request, body: JSON.stringify(rest) })).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ trace_id, params: { event } }])
  })

  it('keeps unknown parameters, and neither the check_code nor the value of a token', async () => {
    const { get, sent } = receiver()
    const params = signed({ ...join, user_name: 'shan', anything: 'x', token: '77e19b23' })
    expect(await get(params)).toMatchObject({ status: 200 })
    expect(sent).toMatchObject([{ params: { ...join, user_name: 'shan', anything: 'x' } }])
    expect(JSON.stringify(sent)).not.toContain('77e19b23')
    expect(JSON.stringify(sent)).not.toContain(params.check_code)
  })

  it.each(['hologram_on', 'constructor', '__proto__'])(
    'may be of an unknown kind, where it is signed: %s',
    async (event) => {
      const { get, sent } = receiver()
      expect(await get(signed({ event, trace_id: 't', value: 'x' }))).toMatchObject({ status: 200 })
      expect(sent).toMatchObject([{ trace_id: 't', params: { event, value: 'x' } }])
    },
  )
})

describe('an unsigned callback', () => {
  it('is accepted where that is allowed, whether there is a key or not', async () => {
    for (const keys of [[], [key]]) {
      const { get, sent, counted } = receiver({ keys, allowUnsigned: true })
      expect(await get(join)).toMatchObject({ status: 200 })
      expect(sent).toMatchObject([{ trace_id: join.trace_id, params: join }])
      expect(counted).toEqual(['accepted'])
    }
  })

  it("without trace_id, as in the document's example, gets one derived from the request's own id", async () => {
    const { call, sent } = receiver({ keys: [], allowUnsigned: true })
    for (const requestId of ['id-1', 'id-1', 'id-2']) await call({ query: query(joinWithoutTrace), requestId })
    const [first, again, other] = sent.map(({ trace_id }) => trace_id)
    expect(first).toContain('id-1')
    expect(again).toBe(first)
    expect(other).toContain('id-2')
  })

  it('with an empty trace_id gets one too', async () => {
    const { call, sent } = receiver({ keys: [], allowUnsigned: true })
    await call({ query: query({ ...join, trace_id: '' }), requestId: 'id-1' })
    expect(sent[0]?.trace_id).toContain('id-1')
  })

  it('is refused where it is not allowed, whether there is a key or not', async () => {
    for (const keys of [[], [key]]) {
      const { get, sent, counted } = receiver({ keys })
      expect(await get(join)).toMatchObject({ status: 401, body: { msg: expect.stringContaining('check_code') } })
      expect(sent).toEqual([])
      expect(counted).toEqual(['check_code_missing'])
    }
  })

  it('does not come of a wrong signature, even where unsigned ones are allowed', async () => {
    const { get, sent } = receiver({ allowUnsigned: true })
    expect(await get(signed(join, 'other'))).toMatchObject({ status: 401 })
    expect(sent).toEqual([])
  })
})
