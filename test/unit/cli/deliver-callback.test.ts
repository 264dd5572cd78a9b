import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { deliverCallback } from '../../../cli/deliver-callback.ts'

describe('deliverCallback', () => {
  it.each(['GET', 'POST'] as const)('shows a redirect instead of following it, with %s', async (method) => {
    const paths: (string | undefined)[] = []
    const server = createServer(({ url }, response) => {
      paths.push(url)
      response.writeHead(307, { location: '/elsewhere' }).end('moved')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`)
    const delivery = await deliverCallback(url, { event: 'open' }, { method })
    expect(delivery).toEqual({ outcome: 'response', status: 307, body: 'moved' })
    expect(paths).toEqual([method === 'GET' ? '/callback?event=open' : '/callback'])
  })
})
