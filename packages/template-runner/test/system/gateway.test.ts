import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startLocal } from '../../../../local/run.ts'
import { runFixture } from './run-fixture.ts'

const echo = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })'

describe('The API on this machine', () => {
  it('hands a request to the function of its route, and its answer back', async () => {
    const { url } = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'ANY /echo/{proxy+}': 'Echo' } })
    const answer = await fetch(`${url}/echo/%E4%BD%A0/b?x=%2B`, {
      method: 'POST',
      body: new URLSearchParams({ a: '1' }),
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      rawPath: '/echo/你/b',
      rawQueryString: 'x=%2B',
      pathParameters: { proxy: '你/b' },
      body: 'YT0x',
      isBase64Encoded: true,
    })
    const head = await fetch(`${url}/echo/a`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100)
    const elsewhere = await fetch(`${url}/nowhere`)
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, '{"message":"Not Found"}'])
  })

  it('refuses a body over 10 MB', async () => {
    const { url } = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'POST /echo': 'Echo' } })
    const answer = await fetch(`${url}/echo`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })
    expect([answer.status, await answer.text()]).toEqual([413, '{"message":"Request Entity Too Large"}'])
  })

  it('answers 503 when the function takes longer than the integration allows', async () => {
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
    const answer = await fetch(`${run.url}/slow`)
    expect([answer.status, await answer.text()]).toEqual([503, '{"message":"Service Unavailable"}'])
  })

  it('answers 500, and says why, where no permission lets it call the function', async () => {
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

  it('warns of a request line and headers that API Gateway would refuse, and passes them on', async () => {
    const run = await runFixture({ functions: { Echo: { code: echo } }, routes: { 'GET /echo': 'Echo' } })
    const answer = await fetch(`${run.url}/echo?long=${'x'.repeat(100_000)}`)
    expect(answer.status).toBe(200)
    expect(run.lines.filter((line) => line.includes('10240'))).toHaveLength(1)
  })

  it('survives requests that are none', async () => {
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

  it('does not start on a port that is in use', async () => {
    const { url } = await runFixture({})
    const port = Number(new URL(url).port)
    await expect(startLocal({ port, checkCodeKey: 'secret' })).rejects.toThrow(`port ${port} is in use`)
  })
})

function sendRaw(port: number, text: string, { hangUp = false } = {}): Promise<string> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => hangUp && socket.destroy()))
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
      socket.end()
    })
    socket.on('error', () => settle(received))
    socket.on('close', () => settle(received))
  })
}
