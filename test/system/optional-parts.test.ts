import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { synthesizeWithBundles } from '../support/synthesize-with-bundles.ts'
import { checkCodeKey, type System, signParameters, startSystem } from '../support/system.ts'

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'

/** The address of a media server. Linux accepts all of 127.0.0.0/8; other systems would need an alias. */
const mediaServer = '127.0.0.3'

let synthesis: Awaited<ReturnType<typeof synthesizeWithBundles>>
let system: System
beforeAll(async () => {
  const context = {
    legacyHttp: 'true',
    allowedCidrs: `${mediaServer}/32`,
    provisionedConcurrency: '2',
    domainName: 'avd-events.example.com',
    certificateArn,
    queriesPerSecond: '3',
  }
  synthesis = await synthesizeWithBundles(context, inject('assemblies').strict)
  system = await startSystem({ checkCodeKey, assembly: synthesis.directory })
})
afterAll(async () => {
  await system.run.stop()
  await synthesis.remove()
})

const join = (trace_id: string) =>
  signParameters({
    event: 'join',
    trace_id,
    room_id: 'R',
    user_id: trace_id,
    event_type: 'normal',
    endpoint_type: 'web',
  })

/** Sends a request from a given loopback address. */
function call(url: string, { from = '127.0.0.1', method = 'GET', headers = {}, body = '' } = {}) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const request = httpRequest(url, { method, headers, localAddress: from }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode, body: text })
    })
    request.on('error', reject).end(body)
  })
}

/** Sends the path verbatim: HTTP clients would normalize it. */
function rawGet(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    )
    let text = ''
    socket
      .on('data', (chunk) => (text += chunk))
      .on('end', () => resolve(text))
      .on('error', reject)
  })
}

const legacyUrl = (path: string, params: Record<string, string>) =>
  `${system.run.outputs.LegacyCallbackUrl}${path}?${new URLSearchParams(params)}`

afterAll(() => expect(system.run.denials).toEqual([]))

describe.skipIf(process.platform !== 'linux')('legacyHttp', () => {
  it('accepts callbacks over plain HTTP and checks the address of the media server', async () => {
    const get = await call(legacyUrl('', join('get')), { from: mediaServer })
    expect(get).toEqual({ status: 200, body: '{"ret":0,"msg":"ok"}' })
    const post = await call(legacyUrl('/feedback', {}), {
      from: mediaServer,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams(join('post'))),
    })
    expect(post).toEqual({ status: 200, body: '{"ret":0,"msg":"ok"}' })
    await system.settle()
    const { body } = await system.query('/api/rooms/R')
    expect(body).toMatchObject({ participants: [{ user_id: 'get' }, { user_id: 'post' }] })
  })

  it('has a GET with a body refused by CloudFront, which the API accepts', async () => {
    const request = { from: mediaServer, headers: { 'content-length': '2' }, body: '{}' }
    expect(await call(legacyUrl('', join('body')), request)).toEqual({ status: 403, body: '' })
    const type = { 'content-type': 'application/json' }
    const direct = await call(`${system.run.callbackUrl}?${new URLSearchParams(join('body'))}`, {
      ...request,
      headers: { ...request.headers, ...type },
    })
    expect(direct).toEqual({ status: 200, body: '{"ret":0,"msg":"ok"}' })
  })

  it('refuses callbacks from other addresses and names the address', async () => {
    const response = await call(legacyUrl('', join('other')), { from: '127.0.0.4' })
    expect(response).toEqual({ status: 403, body: '{"ret":403,"msg":"callbacks from 127.0.0.4 are not accepted"}' })
  })

  it.each(['through the distribution', 'at the API'])('ignores spoofed address headers %s', async (way) => {
    const url =
      way === 'at the API' ? `${system.run.callbackUrl}?${new URLSearchParams(join('x'))}` : legacyUrl('', join('x'))
    const headers = {
      'cloudfront-viewer-address': `${mediaServer}:1`,
      'x-northbound-edge-key': 'guess',
      'x-forwarded-for': mediaServer,
    }
    expect(await call(url, { headers })).toMatchObject({ status: 403, body: expect.stringContaining('from 127.0.0.1') })
  })

  it('does not give access to the query API', async () => {
    const headers = { authorization: `Bearer ${system.run.apiToken}` }
    const { origin } = new URL(system.run.outputs.LegacyCallbackUrl ?? '')
    const response = await call(`${origin}/api/rooms`, { from: mediaServer, headers })
    expect(response).toMatchObject({ status: 401, body: expect.stringContaining('check_code is missing') })
    const { port } = new URL(origin)
    for (const path of ['/../api/rooms', '/%2e%2e/api/rooms'])
      expect(await rawGet(Number(port), path), path).not.toContain('API token')
  })
})

describe('domainName', () => {
  it('appears in the outputs, with the target of its CNAME record', () => {
    expect(system.run.outputs).toMatchObject({
      CallbackUrl: 'https://avd-events.example.com/room_event_history',
      ApiUrl: 'https://avd-events.example.com',
      DomainTarget: expect.stringContaining('execute-api.us-east-1'),
    })
  })
})

describe('queriesPerSecond', () => {
  it('throttles queries with 429 but not callbacks', async () => {
    const queries = await Promise.all(Array.from({ length: 40 }, () => system.query('/api/stats')))
    expect(new Set(queries.map(({ status }) => status))).toEqual(new Set([200, 429]))
    const throttled = queries.find(({ status }) => status === 429)
    expect(throttled?.body).toEqual({ ret: 429, msg: expect.stringContaining('more than 3 queries in this second') })
    expect(throttled?.headers.get('retry-after')).toBe('1')
    const bodies = new Set(queries.map(({ status, body }) => (status === 429 ? JSON.stringify(body) : '')))
    expect(bodies.size).toBe(2)
    const params = new URLSearchParams(join('many'))
    const callbacks = await Promise.all(
      Array.from({ length: 40 }, () => system.request(`/room_event_history?${params}`)),
    )
    // The function itself refuses them for their address, so none was throttled.
    expect(new Set(callbacks.map(({ status }) => status))).toEqual(new Set([403]))
  })
})
