import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { AwsError, type AwsJsonClient, awsJsonClient } from '../../../../adapters/aws-json/client.ts'
import { lambdaClient } from '../../../../adapters/aws-json/lambda-client.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type ReceivedRequest = {
  readonly method: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Starts a local service that responds like this. @returns its client, and the requests and connections it received. */
async function startService(respond: (response: ServerResponse) => void) {
  const seen: ReceivedRequest[] = []
  const connections = new Set<unknown>()
  server = createServer(async (request, response) => {
    connections.add(request.socket)
    seen.push({ method: request.method, headers: request.headers, body: await text(request) })
    respond(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/`
  const client = awsJsonClient({
    service: 'sqs',
    endpoint: new URL(url),
    region: 'eu-central-1',
    protocol: 'application/x-amz-json-1.0',
    credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' }),
  })
  return { url, seen, client, connections }
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  )
}

async function errorResponseOf(status: number, body: string): Promise<unknown> {
  const { client } = await startService((response) => response.writeHead(status).end(body))
  return errorOf(client('AmazonSQS.SendMessage', {}))
}

describe('awsJsonClient', () => {
  it('sends a signed POST of JSON and parses the response', async () => {
    const { client, seen } = await startService((response) => response.end('{"MessageId":"m"}'))
    expect(await client('AmazonSQS.SendMessage', { MessageBody: '王 🎥' })).toEqual({ MessageId: 'm' })
    expect(seen).toMatchObject([
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.SendMessage',
          'x-amz-security-token': 'session',
          'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sqs\/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$/,
          ),
        },
        body: '{"MessageBody":"王 🎥"}',
      },
    ])
  })

  it('keeps the connection open for the next call', async () => {
    const { client, connections } = await startService((response) => response.end('{}'))
    for (let times = 0; times < 3; times++) await client('t', {})
    expect(connections.size).toBe(1)
  })

  it('closes all idle connections when one fails, so that the next call opens a new one', async () => {
    let respond: (response: ServerResponse) => void = (response) => void setTimeout(() => response.end('{}'), 20)
    const { client, connections } = await startService((response) => respond(response))
    await Promise.all([client('t', {}), client('t', {}), client('t', {})])
    expect(connections.size).toBe(3)
    respond = (response) => void response.destroy()
    await errorOf(client('t', {}))
    respond = (response) => void response.end('{}')
    await client('t', {})
    expect(connections.size).toBe(4)
  })

  it('returns undefined for an empty response', async () => {
    const { client } = await startService((response) => response.end())
    expect(await client('t', {})).toBeUndefined()
  })

  it('throws an AwsError with the code, status and message of an error response', async () => {
    const body = '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no such queue"}'
    const error = await errorResponseOf(400, body)
    expect(error).toBeInstanceOf(AwsError)
    expect(error).toMatchObject({ code: 'QueueDoesNotExist', status: 400 })
    expect(String(error)).toContain('no such queue')
  })

  it.each<[number, string, object, string]>([
    [400, '{"__type":"AccessDeniedException","Message":"no"}', { code: 'AccessDeniedException', status: 400 }, 'no'],
    [503, '<html>Service Unavailable</html>', { status: 503 }, 'Service Unavailable'],
    [500, '', { status: 500 }, '500'],
    [403, '{}', { status: 403 }, '403'],
    [302, '{"MessageId":"m"}', { status: 302 }, '302'],
  ])('throws an AwsError for status %i with body %j', async (status, body, expected, words) => {
    const error = await errorResponseOf(status, body)
    expect(error).toBeInstanceOf(AwsError)
    expect(error).toMatchObject(expected)
    expect(String(error)).toContain(words)
  })

  it('aborts a call that gets no response in time', async () => {
    const { client, seen } = await startService(() => undefined)
    const startedAt = performance.now()
    const error = await errorOf(client('t', {}, AbortSignal.timeout(60)))
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(AwsError)
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(seen).toHaveLength(1)
  })

  it('throws if the response ends before it is complete', async () => {
    const { client } = await startService((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"MessageId":')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await errorOf(client('t', {}, AbortSignal.timeout(2000)))).toBeInstanceOf(Error)
  })

  it("throws the socket's error if the service does not listen", async () => {
    const { client } = await startService(() => undefined)
    server?.close()
    await once(server ?? process, 'close')
    expect(await errorOf(client('t', {}))).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('lambdaClient', () => {
  it('reads the region, credentials and endpoint from the environment', async () => {
    const { url, seen } = await startService((response) => response.end('{}'))
    const client: AwsJsonClient = lambdaClient('secretsmanager', 'amazonaws.com', {
      AWS_REGION: 'cn-north-1',
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIDLOCAL',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    })
    await client('secretsmanager.GetSecretValue', { SecretId: 's' })
    expect(seen).toMatchObject([
      {
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-security-token': 'token',
          authorization: expect.stringMatching(/Credential=AKIDLOCAL\/\d{8}\/cn-north-1\/secretsmanager\//),
        },
      },
    ])
  })
})
