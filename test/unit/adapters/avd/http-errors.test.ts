import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { createGetJson, PlatformError } from '../../../../adapters/avd/http.ts'

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
