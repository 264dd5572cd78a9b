import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import requestCases from '../../../cases/requests.json' with { type: 'json' }
import type { GatewayRequest } from '../../../support/api-gateway.ts'
import { createReceiver, encodeQuery, join, key, sign } from './callbacks.ts'

type Request = GatewayRequest & { readonly allowUnsigned?: boolean }
type BuildRequest = () => Request | readonly Request[]

const { trace_id, room_id } = join
const base = encodeQuery({ event: 'join', trace_id, room_id, event_type: 'normal', endpoint_type: 'web' })
const hmac = (text: string | Uint8Array) => createHmac('sha256', key).update(text).digest()
/** A GET whose `check_code` covers the true values of `params`, with the query as given. */
const get = (query: string, params: Record<string, string>): Request => {
  const { check_code = '' } = sign({ ...join, ...params })
  return { query: `${base}&${query}&check_code=${check_code}` }
}
const post = (contentType: string, body: string | Uint8Array, query = ''): Request => {
  const isBase64Encoded = typeof body !== 'string'
  return { method: 'POST', headers: { 'content-type': contentType }, query, body, isBase64Encoded }
}
const formType = 'application/x-www-form-urlencoded'
const gbk = Buffer.from([0xcd, 0xf5, 0xd0, 0xa1, 0xc3, 0xf7])
const transcoded = {
  ...join,
  event: 'record_transcoding_completion',
  event_type: 'success',
  options: '[{"file_id":1812345678901234567}]',
}
const recording = (start_time: string) => ({ ...join, event: 'start_record', event_type: 'success', start_time })

const requestsByName: Readonly<Record<string, BuildRequest>> = {
  'phone number with a bare plus, encodeURI style': () =>
    get('user_id=+8613800138000&user_name=%E7%8E%8B%E5%B0%8F%E6%98%8E', {
      user_id: '+8613800138000',
      user_name: '王小明',
    }),
  'a plus inside a name, encodeURI style': () =>
    get('user_id=42&user_name=C++%20%E8%AF%BE%E7%A8%8B', { user_name: 'C++ 课程' }),
  'form encoding: a plus is a space': () => get('user_id=42&user_name=Ada+Lovelace', { user_name: 'Ada Lovelace' }),
  'unsigned phone number': () => ({ query: `${base}&user_id=+8613800138000`, allowUnsigned: true }),
  'GBK, percent-encoded, signed over the text': () => {
    const query = `${base}&user_id=42&user_name=%CD%F5%D0%A1%C3%F7`
    const head = Buffer.from(`web|join|normal|${room_id}|${trace_id}|42|`)
    const codes = [hmac(`${head}王小明`), hmac(Buffer.concat([head, gbk]))]
    return codes.map((code) => ({ query: `${query}&check_code=${code.toString('hex')}` }))
  },
  'JSON sent as text/plain': () => post('text/plain', JSON.stringify(sign(join))),
  'a gzipped form': () => {
    const request = post(formType, gzipSync(encodeQuery(sign(join))))
    return { ...request, headers: { ...request.headers, 'content-encoding': 'gzip' } }
  },
  'query and body repeat each other': () => post(formType, encodeQuery(sign(join)), encodeQuery(sign(join))),
  'query and body contradict each other': () =>
    post(formType, encodeQuery({ ...sign(join), room_id: '2' }), encodeQuery(sign(join))),
  'callback URL typed with its own query': () => [
    { query: `site=3&${encodeQuery(sign(join))}` },
    { query: `site=3?${encodeQuery(sign(join))}` },
    post(formType, encodeQuery(sign(join)), 'site=3'),
  ],
  'base64 with line ends': () => {
    const { check_code = '' } = sign(join)
    const lines = Buffer.from(check_code)
      .toString('base64')
      .replace(/.{1,64}/g, '$&\n')
    return { query: `${encodeQuery(join)}&check_code=${encodeURIComponent(lines)}` }
  },
  'recording file ids beyond 2^53': () => ({ query: encodeQuery(sign(transcoded)) }),
  'compact start_time': () => ({ query: encodeQuery(sign(recording('20261126120000'))) }),
  'an impossible start_time': () => ({ query: encodeQuery(sign(recording('0001-01-01 00:00:00'))) }),
}

describe('a request from the field', () => {
  it.each(requestCases.cases)('has the expected outcome: $name', async ({ name, outcome, stored }) => {
    const built = requestsByName[name]?.() ?? []
    const requests = [built].flat()
    expect(requests).not.toEqual([])
    for (const { allowUnsigned = false, ...request } of requests) {
      const { call, sent } = createReceiver({ allowUnsigned })
      const { status, body } = await call(request)
      // The rest of an outcome is what the query API shows.
      const isAccepted = !outcome.startsWith('400')
      expect({ status, msg: body.msg }).toMatchObject({ status: isAccepted ? 200 : 400 })
      const [, named = ''] = /msg names (.*)/.exec(outcome) ?? []
      expect(body.msg).toContain(named.replace('the ', ''))
      expect(sent).toHaveLength(isAccepted ? 1 : 0)
      if (stored !== undefined) expect(sent).toMatchObject([{ params: stored }])
      expect(sent.every(({ params }) => !('site' in params))).toBe(true)
    }
  })
})
