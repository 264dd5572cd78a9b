import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { avdPlatform } from '../../../../adapters/avd/platform.ts'

type Authority = Awaited<ReturnType<typeof generate>>

/** Starts a platform with a certificate of the authority for an address. @returns the server and its base URL. */
async function startPlatform(authority: Authority, ip: string, notAfterDate?: Date) {
  const certificate = await generate([{ name: 'commonName', value: ip }], {
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip }] }],
    ...(notAfterDate && { notBeforeDate: new Date(0), notAfterDate }),
  })
  const server = createServer({ key: certificate.private, cert: certificate.cert }, (request, response) => {
    response.end(JSON.stringify(request.url?.includes('get_token') ? { ret: 0, token: 't' } : { ret: 0, list: [] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, base_url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/avd` }
}

describe('avdPlatform with a certificate of a private authority', () => {
  let authority: Authority
  let server: Server
  let base_url: string
  let ca_pem: string

  beforeAll(async () => {
    authority = await generate([{ name: 'commonName', value: 'A private authority' }], {
      extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
    })
    ;({ server, base_url } = await startPlatform(authority, '127.0.0.1'))
    ca_pem = authority.cert
  })
  afterAll(() => server.close())

  const list = (ca: string | null, url = base_url) =>
    avdPlatform({ base_url: url, access_key: 'a', secret_key: 's', ca_pem: ca }).listOpenRooms(
      AbortSignal.timeout(2000),
    )

  it('trusts the platform if the secret contains the authority', async () => {
    expect(await list(ca_pem)).toEqual([])
  })

  it('does not trust the platform if the secret does not contain the authority', async () => {
    await expect(list(null)).rejects.toMatchObject({
      reason: 'unreachable',
      text: { chinese: expect.stringContaining('证书不是由受信任的机构颁发（') },
    })
  })

  it.each([
    [
      'has expired',
      '127.0.0.1',
      new Date(86_400_000),
      'certificate has expired',
      '证书已过期（certificate has expired）',
    ],
    ['is for another address', '127.0.0.2', undefined, "does not match certificate's altnames", '证书与主机名不符（'],
  ])('explains in both languages that the certificate %s', async (_what, ip, notAfter, english, chinese) => {
    const other = await startPlatform(authority, ip, notAfter)
    onTestFinished(() => void other.server.close())
    await expect(list(ca_pem, other.base_url)).rejects.toMatchObject({
      reason: 'unreachable',
      text: { english: expect.stringContaining(english), chinese: expect.stringContaining(chinese) },
    })
  })
})
