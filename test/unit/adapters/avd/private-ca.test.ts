import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avdPlatform } from '../../../../adapters/avd/platform.ts'

describe('avdPlatform with a certificate of a private authority', () => {
  let server: Server
  let base_url: string
  let ca_pem: string

  beforeAll(async () => {
    const authority = await generate([{ name: 'commonName', value: 'A private authority' }], {
      extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
    })
    const certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      ca: { key: authority.private, cert: authority.cert },
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    })
    server = createServer({ key: certificate.private, cert: certificate.cert }, (request, response) => {
      response.end(JSON.stringify(request.url?.includes('get_token') ? { ret: 0, token: 't' } : { ret: 0, list: [] }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    base_url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/avd`
    ca_pem = authority.cert
  })
  afterAll(() => server.close())

  const list = (ca: string | null) =>
    avdPlatform({ base_url, access_key: 'a', secret_key: 's', ca_pem: ca }).listOpenRooms(AbortSignal.timeout(2000))

  it('trusts the platform if the secret contains the authority', async () => {
    expect(await list(ca_pem)).toEqual([])
  })

  it('does not trust the platform if the secret does not contain the authority', async () => {
    await expect(list(null)).rejects.toMatchObject({
      reason: 'unreachable',
      text: { chinese: expect.stringContaining('证书不是由受信任的机构颁发（') },
    })
  })
})
