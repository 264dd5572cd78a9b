import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RobotFault, startSimulatedChat } from '@northbound/chat-simulator'
import { generate } from 'selfsigned'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, send, services, setUpChat } from './robot-setup.ts'

const setup = setUpChat()

describe.each(services)('a robot of %s without a usable response', (service) => {
  it.each<[RobotFault, string, string]>([
    ['reset', 'network error ECONNRESET', '连接中断（ECONNRESET）'],
    ['http_500', 'HTTP 500', 'HTTP 500'],
    ['firewall_page', 'HTTP 200 without a response code', 'HTTP 200，响应中没有代码'],
    ['redirect', 'HTTP 302 without a response code', 'HTTP 302，响应中没有代码'],
    ['too_large', 'the response is too large', '响应过大'],
  ])('has failed: %s', async (fault, english, chinese) => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = fault
    expect(await send(setup.connect(simulated))).toEqual({ outcome: 'failed', reason: { english, chinese } })
    // A redirect is not followed, and nothing is repeated.
    expect(setup.chat.requestCount).toBe(1)
  })

  it('has failed if there is no response in time', async () => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = 'hanging'
    expect(await send(connect(simulated, { timeoutMs: 50 }))).toEqual({
      outcome: 'failed',
      reason: { english: 'no response in time', chinese: '未及时响应' },
    })
  })

  it('has failed if the caller gives up', async () => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = 'hanging'
    const robot = setup.connect(simulated)
    const result = { outcome: 'failed', reason: { english: 'no response in time', chinese: '未及时响应' } }
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
      reason: { english: 'the connection was closed', chinese: '连接已关闭' },
    })
  })

  it('has failed if nothing listens', async () => {
    const simulated = setup.chat.addRobot(service)
    await setup.chat.stop()
    expect(await send(setup.connect(simulated))).toEqual({
      outcome: 'failed',
      reason: { english: 'network error ECONNREFUSED', chinese: '连接被拒绝（ECONNREFUSED）' },
    })
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
        reason: {
          english: 'TLS error DEPTH_ZERO_SELF_SIGNED_CERT',
          chinese: '证书不是由受信任的机构颁发（DEPTH_ZERO_SELF_SIGNED_CERT）',
        },
      })
      expect(chat.requestCount).toBe(0)
    } finally {
      await chat.stop()
    }
  })
})
