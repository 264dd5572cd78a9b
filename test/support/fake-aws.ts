import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { z } from 'zod'

const inputSchema = z.object({ SecretId: z.string().optional(), MessageBody: z.string().optional() })

export interface FakeAws {
  readonly endpointUrl: string
  /** The secrets by id. */
  readonly secrets: Map<string, string>
  /** The bodies of the messages that were sent to queues. */
  readonly messages: string[]
  /** Error codes of the next responses to requests for secrets. */
  readonly failures: string[]
  /** The number of requests for secrets. */
  secretRequests(): number
  /** Closes all connections, as services do with idle ones while an environment is frozen. */
  closeConnections(): void
  stop(): void
}

/** Starts Secrets Manager, SQS and empty DynamoDB tables, without signatures or permissions. */
export async function startFakeAws(): Promise<FakeAws> {
  const secrets = new Map<string, string>()
  const messages: string[] = []
  const failures: string[] = []
  let secretRequests = 0

  function respond(action: string, { SecretId = '', MessageBody }: z.output<typeof inputSchema>) {
    if (MessageBody !== undefined) messages.push(MessageBody)
    if (action !== 'secretsmanager.GetSecretValue') return { status: 200, output: { Items: [], Count: 0 } }
    secretRequests++
    const failure = failures.shift()
    if (failure !== undefined) return { status: 400, output: { __type: failure, message: 'no' } }
    return { status: 200, output: { SecretString: secrets.get(SecretId) } }
  }

  const server = createServer(async (request, response) => {
    const { status, output } = respond(String(request.headers['x-amz-target']), inputSchema.parse(await json(request)))
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(output))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    messages,
    failures,
    secretRequests: () => secretRequests,
    closeConnections: () => server.closeAllConnections(),
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
