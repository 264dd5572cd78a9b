import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { createGetJson, PlatformError } from '../../../../adapters/avd/http.ts'
import type { Bilingual } from '../../../../core/notifications/alert-text.ts'

const query = { access_key: 'ACC3SS', secret_key: 'S3CRET', token: 'T0KEN' }

/** Starts a platform on a free port. @returns its base URL. */
async function startPlatform(respond: RequestListener): Promise<string> {
  const server = createServer(respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it.each<[failure: string, respond: RequestListener]>([
  ['the status 500', ({ url }, response) => response.writeHead(500).end(url)],
  ['a redirect', ({ url }, response) => response.writeHead(302, { location: `https://evil.example${url}` }).end()],
  ['a body that is no JSON', ({ url }, response) => response.end(`<p>${url}</p>`)],
  [
    'a body that cannot be decoded',
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  ],
  ['a closed connection', (_request, response) => response.destroy()],
  ['no response in time', () => {}],
])('an error of the platform contains no key or token: %s', async (_failure, respond) => {
  const getJson = createGetJson(await startPlatform(respond), undefined, 50)
  const list = getJson('sdkapi/v2/room/list', query, AbortSignal.timeout(2_000))
  const error: unknown = await list.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PlatformError)
  for (const secret of Object.values(query)) expect(inspect(error)).not.toContain(secret)
})

/** Requests a list. @returns the text of the error. */
async function explainList(baseUrl: string): Promise<Bilingual> {
  const list = createGetJson(baseUrl, undefined, 50)('room/list', query, AbortSignal.timeout(2_000))
  return list.then(
    () => expect.unreachable(),
    (error: PlatformError) => error.text,
  )
}

it.each<[failure: string, respond: RequestListener, english: string, chinese: string]>([
  ['the status 500', (_, response) => response.writeHead(500).end(), 'room/list: HTTP 500', 'room/list：返回 HTTP 500'],
  [
    'a body that is no JSON',
    (_, response) => response.end('<p>'),
    'room/list: the response is not JSON',
    'room/list：响应不是 JSON',
  ],
  [
    'a body that cannot be decoded',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    'room/list: the response cannot be decoded',
    'room/list：响应无法解码',
  ],
  [
    'a closed connection',
    (_, response) => response.destroy(),
    '/room/list: socket hang up',
    '/room/list：连接中断（socket hang up）',
  ],
  ['no response in time', () => {}, '/room/list: no response in time', '/room/list：未及时响应'],
])('an error of the platform is explained in both languages: %s', async (_failure, respond, english, chinese) => {
  expect(await explainList(await startPlatform(respond))).toEqual({ english, chinese })
})

it('a refused connection is explained in both languages, with its code', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  expect(await explainList(`http://127.0.0.1:${port}`)).toEqual({
    english: `/room/list: connect ECONNREFUSED 127.0.0.1:${port}`,
    chinese: `/room/list：连接被拒绝（connect ECONNREFUSED 127.0.0.1:${port}）`,
  })
})
