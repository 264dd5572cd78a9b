import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RobotFault, startSimulatedChat } from '@northbound/chat-simulator'
import { generate } from 'selfsigned'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, send, services, setUpChat } from './robot-setup.ts'

const setup = setUpChat()

describe.each(services)('a robot of %s without a usable response', (service) => {
  it.each<[RobotFault, string]>([
    ['reset', 'network error ECONNRESET'],
    ['http_500', 'HTTP 500'],
    ['firewall_page', 'HTTP 200 without a response code'],
    ['redirect', 'HTTP 302 without a response code'],
    ['too_large', 'the response is too large'],
  ])('has failed: %s', async (fault, reason) => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = fault
    expect(await send(setup.connect(simulated))).toEqual({ outcome: 'failed', reason })
    // A redirect is not followed, and nothing is repeated.
    expect(setup.chat.requestCount).toBe(1)
  })

  it('has failed if there is no response in time', async () => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = 'hanging'
    expect(await send(connect(simulated, { timeoutMs: 50 }))).toEqual({
      outcome: 'failed',
      reason: 'no response in time',
    })
  })

  it('has failed if the caller gives up', async () => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = 'hanging'
    const robot = setup.connect(simulated)
    const result = { outcome: 'failed', reason: 'no response in time' }
    expect(await robot.send('AVD', AbortSignal.timeout(50))).toEqual(result)
    expect(await robot.send('AVD', AbortSignal.abort())).toEqual(result)
    expect(setup.chat.requestCount).toBe(1)
  })

  it('has failed if the connection ends without a final response', async () => {
    const server = createServer().on('connection', (socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      )
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(await send(connect({ service, url: `http://127.0.0.1:${port}/` }))).toEqual({
      outcome: 'failed',
      reason: 'the connection was closed',
    })
  })

  it('has failed if nothing listens', async () => {
    const simulated = setup.chat.addRobot(service)
    await setup.chat.stop()
    expect(await send(setup.connect(simulated))).toEqual({ outcome: 'failed', reason: 'network error ECONNREFUSED' })
  })
})

describe('a robot over TLS', () => {
  it('has failed, and the message is not sent, if the certificate is not trusted', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 })
    const chat = await startSimulatedChat({ tls: { key, cert } })
    try {
      const simulated = chat.addRobot('dingtalk')
      expect(await send(connect(simulated))).toEqual({
        outcome: 'failed',
        reason: 'TLS error DEPTH_ZERO_SELF_SIGNED_CERT',
      })
      expect(chat.requestCount).toBe(0)
    } finally {
      await chat.stop()
    }
  })
})
