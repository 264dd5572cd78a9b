import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { synthesize } from '../../local/synthesize.ts'
import { key, type System, signed, startSystem } from '../support/system.ts'

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'

/** Linux has all of 127.0.0.0/8; others would need an alias for it. */
const box = '127.0.0.3'

let synthesis: Awaited<ReturnType<typeof synthesize>>
let system: System
beforeAll(async () => {
  synthesis = await synthesize({
    legacyHttp: 'true',
    allowedCidrs: `${box}/32`,
    provisionedConcurrency: '2',
    domainName: 'avd-events.example.com',
    certificateArn,
    queriesPerSecond: '3',
  })
  system = await startSystem({ checkCodeKey: key, assembly: synthesis.directory })
})
afterAll(async () => {
  await system.run.stop()
  await synthesis.remove()
})

const join = (trace_id: string) =>
  signed({ event: 'join', trace_id, room_id: 'R', user_id: trace_id, event_type: 'normal', endpoint_type: 'web' })

/** A request from an address of this machine. */
function call(url: string, { from = '127.0.0.1', method = 'GET', headers = {}, body = '' } = {}) {
  return new Promise<{ status: number | undefined; body: string }>((settle, fail) => {
    const request = httpRequest(url, { method, headers, localAddress: from }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      settle({ status: answer.statusCode, body: text })
    })
    request.on('error', fail).end(body)
  })
}

/** A path as no library would send it. */
function rawGet(port: number, path: string): Promise<string> {
  return new Promise((settle, fail) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    )
    let text = ''
    socket
      .on('data', (chunk) => (text += chunk))
      .on('end', () => settle(text))
      .on('error', fail)
  })
}

const legacy = (path: string, params: Record<string, string>) =>
  `${system.run.outputs.LegacyCallbackUrl}${path}?${new URLSearchParams(params)}`

afterAll(() => expect(system.run.denials).toEqual([]))

describe.skipIf(process.platform !== 'linux')('plain HTTP for old boxes', () => {
  it('leads to the callbacks, with the address of the box', async () => {
    const get = await call(legacy('', join('get')), { from: box })
    expect(get).toEqual({ status: 200, body: '{"ret":0,"msg":"ok"}' })
    const post = await call(legacy('/feedback', {}), {
      from: box,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams(join('post'))),
    })
    expect(post).toEqual({ status: 200, body: '{"ret":0,"msg":"ok"}' })
    await system.settled()
    const { body } = await system.query('/api/rooms/R')
    expect(body).toMatchObject({ participants: [{ user_id: 'get' }, { user_id: 'post' }] })
  })

  it('turns other addresses away by their own name', async () => {
    const answer = await call(legacy('', join('other')), { from: '127.0.0.4' })
    expect(answer).toEqual({ status: 403, body: '{"ret":403,"msg":"callbacks from 127.0.0.4 are not accepted"}' })
  })

  it.each(['by way of it', 'at the API'])('believes nobody who says where he comes from, %s', async (way) => {
    const url =
      way === 'at the API' ? `${system.run.callbackUrl}?${new URLSearchParams(join('x'))}` : legacy('', join('x'))
    const headers = {
      'cloudfront-viewer-address': `${box}:1`,
      'x-northbound-edge-key': 'guess',
      'x-forwarded-for': box,
    }
    expect(await call(url, { headers })).toMatchObject({ status: 403, body: expect.stringContaining('from 127.0.0.1') })
  })

  it('leads nowhere else: what asks for the query API is no callback', async () => {
    const headers = { authorization: `Bearer ${system.run.apiToken}` }
    const { origin } = new URL(system.run.outputs.LegacyCallbackUrl ?? '')
    const answer = await call(`${origin}/api/rooms`, { from: box, headers })
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('check_code is missing') })
    const { port } = new URL(origin)
    for (const path of ['/../api/rooms', '/%2e%2e/api/rooms'])
      expect(await rawGet(Number(port), path), path).not.toContain('API token')
  })
})

describe("a name of one's own", () => {
  it('is what the outputs tell, with the target of its CNAME record', () => {
    expect(system.run.outputs).toMatchObject({
      CallbackUrl: 'https://avd-events.example.com/room_event_history',
      ApiUrl: 'https://avd-events.example.com',
      DomainTarget: expect.stringContaining('execute-api.us-east-1'),
    })
  })
})

describe('queriesPerSecond', () => {
  it('turns queries away with 429, callbacks never', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, () => system.query('/api/stats')))
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200, 429]))
    expect(many.find(({ status }) => status === 429)?.body).toEqual({ message: 'Too Many Requests' })
    const params = new URLSearchParams(join('many'))
    const callbacks = await Promise.all(
      Array.from({ length: 40 }, () => system.request(`/room_event_history?${params}`)),
    )
    // Refused by the function, for the address: it was asked each time.
    expect(new Set(callbacks.map(({ status }) => status))).toEqual(new Set([403]))
  })
})
