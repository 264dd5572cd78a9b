import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { PortInUseError, runTemplate } from '../../src/index.ts'
import { runFixture } from './run-fixture.ts'

const echo = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })'

describe('the emulated HTTP API', () => {
  it('passes a request to the function of its route and returns the response', async () => {
    const { url } = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'ANY /echo/{proxy+}': 'Echo' } })
    const response = await fetch(`${url}/echo/%E4%BD%A0/b?x=%2B`, {
      method: 'POST',
      body: new URLSearchParams({ a: '1' }),
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      rawPath: '/echo/你/b',
      rawQueryString: 'x=%2B',
      pathParameters: { proxy: '你/b' },
      body: 'YT0x',
      isBase64Encoded: true,
    })
    const head = await fetch(`${url}/echo/a`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100)
    const unknown = await fetch(`${url}/nowhere`)
    expect([unknown.status, await unknown.text()]).toEqual([404, '{"message":"Not Found"}'])
  })

  it('rejects a body over 10 MB with a 413', async () => {
    const { url } = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'POST /echo': 'Echo' } })
    const response = await fetch(`${url}/echo`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}'])
  })

  it('responds with a 503 if the function exceeds the timeout of the integration', async () => {
    const code = 'export const handler = () => new Promise((done) => setTimeout(done, 1000))'
    const slow = { Type: 'AWS::ApiGatewayV2::Integration', Properties: {} }
    const run = await runFixture({
      functions: { Slow: { code } },
      routes: { 'GET /slow': 'Slow' },
      resources: {
        Integration0: {
          ...slow,
          Properties: {
            ApiId: { Ref: 'Api' },
            IntegrationType: 'AWS_PROXY',
            IntegrationUri: { 'Fn::GetAtt': ['Slow', 'Arn'] },
            PayloadFormatVersion: '2.0',
            TimeoutInMillis: 50,
          },
        },
      },
    })
    const response = await fetch(`${run.url}/slow`)
    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}'])
  })

  it('responds with a 500 and logs the reason if no permission allows it to invoke the function', async () => {
    const permission = {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'Echo' },
        Principal: 'apigateway.amazonaws.com',
        SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:api/*/*/other',
      },
    }
    const run = await runFixture({
      functions: { Echo: { code: echo } },
      routes: { 'GET /echo': 'Echo' },
      resources: { Permission0: permission },
    })
    expect((await fetch(`${run.url}/echo`)).status).toBe(500)
    expect(run.lines.join('\n')).toMatch(/GET \/echo: no permission .*Echo/)
  })

  it('accepts a request line and headers over the limit of API Gateway and logs a warning', async () => {
    const run = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'GET /echo': 'Echo' } })
    const response = await fetch(`${run.url}/echo?long=${'x'.repeat(100_000)}`)
    expect(response.status).toBe(200)
    expect(run.lines.filter((line) => line.includes('10240'))).toHaveLength(1)
  })

  it('rejects malformed requests with a 400 and keeps serving', async () => {
    const run = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'ANY /echo': 'Echo' } })
    const { port } = new URL(run.url)
    for (const text of [
      'nonsense\r\n\r\n',
      'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET * HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      expect(await sendRaw(Number(port), text)).toMatch(/^HTTP\/1.1 400 /)
    }
    await sendRaw(Number(port), 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc', { hangUp: true })
    expect((await fetch(`${run.url}/echo`)).status).toBe(200)
  })

  it('does not start on a port that is in use, and does not call the assembly function', async () => {
    const { url } = await runFixture({})
    const port = Number(new URL(url).port)
    const assembly = vi.fn()
    const start = runTemplate({ port, assembly })
    await expect(start).rejects.toThrow(PortInUseError)
    await expect(start).rejects.toThrow(`port ${port} is in use`)
    expect(assembly).not.toHaveBeenCalled()
  })
})

function sendRaw(port: number, text: string, { hangUp = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => hangUp && socket.destroy()))
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
      socket.end()
    })
    socket.on('error', () => resolve(received))
    socket.on('close', () => resolve(received))
  })
}
