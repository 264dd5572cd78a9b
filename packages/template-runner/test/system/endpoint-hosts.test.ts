import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

/** Sends an unsigned request with this header `Host`. @returns the code of the error. */
function findError(host: string, endpoint: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(endpoint, { headers: { host } }, async (response) => {
      const { __type } = JSON.parse(await text(response))
      resolve(__type.split('#')[1])
    }).on('error', reject)
  })
}

describe('the AWS endpoint', () => {
  it('serves the host names of this machine only', async () => {
    const { awsEndpointUrl } = await runFixture({})
    const { port } = new URL(awsEndpointUrl)
    for (const host of ['127.0.0.1', `127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      expect(await findError(host, awsEndpointUrl), host).toBe('MissingAuthenticationToken')
    for (const host of [`rebinding.example:${port}`, 'localhost.example', '127.0.0.1.example', 'example'])
      expect(await findError(host, awsEndpointUrl), host).toBe('AccessDenied')
  })
})
