import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, it } from 'vitest'
import { retryingDocumentClient } from '../../../../adapters/dynamodb/client.ts'

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A client of a server that fails the first `failures` requests with this error. `onRequest` gets the number of each. */
async function startFailingDynamodb(error: string, failures: number, onRequest?: (count: number) => void) {
  const counter = { requests: 0 }
  const server = createServer((request, response) => {
    counter.requests += 1
    onRequest?.(counter.requests)
    request.resume()
    if (counter.requests > failures) response.end('{"Item":{"count":{"N":"7"}}}')
    else response.writeHead(400).end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error}` }))
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const client = retryingDocumentClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // Leaves all retries to the client.
    maxAttempts: 1,
  })
  return { client, counter }
}

const command = () => new GetCommand({ TableName: 'state', Key: { group: 'g', item: 'i' } })

describe('retryingDocumentClient', () => {
  it.concurrent.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])(
    'retries a request that fails with %s until it succeeds',
    async (error) => {
      const { client, counter } = await startFailingDynamodb(error, 3)
      expect((await client.send(command())).Item).toEqual({ count: 7 })
      expect(counter.requests).toBe(4)
    },
  )

  it('does not retry a request that fails with another error', async () => {
    const { client, counter } = await startFailingDynamodb('ValidationException', 1)
    await expect(client.send(command())).rejects.toMatchObject({ name: 'ValidationException' })
    expect(counter.requests).toBe(1)
  })

  it('stops retrying when the signal aborts during a request', async () => {
    const controller = new AbortController()
    const { client, counter } = await startFailingDynamodb('ThrottlingException', Number.POSITIVE_INFINITY, (count) => {
      if (count === 3) controller.abort()
    })
    await expect(client.send(command(), { abortSignal: controller.signal })).rejects.toThrow()
    expect(counter.requests).toBe(3)
  })

  it('stops waiting for the next attempt when the signal aborts', async () => {
    const controller = new AbortController()
    const { client, counter } = await startFailingDynamodb('ThrottlingException', Number.POSITIVE_INFINITY)
    const sent = client.send(command(), { abortSignal: controller.signal })
    await expect.poll(() => counter.requests, { interval: 1 }).toBe(1)
    // The client waits for at least 100 ms before the second attempt.
    setTimeout(() => controller.abort(new Error('the deadline has passed')), 30)
    await expect(sent).rejects.toThrow('the deadline has passed')
    expect(counter.requests).toBe(1)
  })
})
