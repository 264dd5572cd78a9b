import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { readCallerArn } from '../../../../adapters/sts/caller-identity.ts'

let server: Server
afterEach(() => server.close())

/** Starts an endpoint that answers like STS. */
async function startSts(status: number, arn: string) {
  const requests: { body: string; authorization: string | undefined }[] = []
  server = createServer(async (request, response) => {
    requests.push({ body: await readText(request), authorization: request.headers.authorization })
    const result = { GetCallerIdentityResponse: { GetCallerIdentityResult: { Account: '1', Arn: arn, UserId: 'A' } } }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { requests, endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) }
}

const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' }

describe('readCallerArn', () => {
  it('signs a request for STS and returns the ARN', async () => {
    const { requests, endpoint } = await startSts(200, 'arn:aws:iam::1:user/ann')
    expect(await readCallerArn({ region: 'eu-west-1', credentials, endpoint })).toBe('arn:aws:iam::1:user/ann')
    expect(requests).toMatchObject([
      {
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/sts\/aws4_request/),
      },
    ])
  })

  it('fails if STS refuses the caller', async () => {
    const { endpoint } = await startSts(403, '')
    await expect(readCallerArn({ region: 'eu-west-1', credentials, endpoint })).rejects.toThrow('HTTP 403')
  })
})
