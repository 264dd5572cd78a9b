import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import dynalite from 'dynalite'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { dynamodbPermissions } from './dynamodb-permissions.ts'

export interface DynamoDb extends AwsService {
  close(): Promise<void>
}

/**
 * DynamoDB, behind the one endpoint.
 *
 * @param url a DynamoDB endpoint to use instead of the embedded one.
 */
export async function startDynamoDb(url?: string): Promise<DynamoDb> {
  const embedded = url === undefined ? await startEmbedded() : undefined
  const target = new URL(embedded?.url ?? url ?? '')
  const secure = target.protocol === 'https:'
  const agent = new (secure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: 64 })
  const underWay = new Set<Promise<unknown>>()
  return {
    permissions: dynamodbPermissions,
    handle(call) {
      const answer = forward(call, target, secure ? secureRequest : request, agent)
      const settled = answer.catch(() => {}).finally(() => underWay.delete(settled))
      underWay.add(settled)
      return answer
    },
    async close() {
      // The embedded one throws where a request breaks off.
      await Promise.race([Promise.all(underWay), sleep(500)])
      agent.destroy()
      await embedded?.close()
    },
  }
}

async function startEmbedded(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  await new Promise<void>((listening, fail) => {
    server.once('error', fail)
    server.listen(0, '127.0.0.1', listening)
  })
  // 0: never closes an idle connection, so that the agent's next call cannot meet one that is just being closed.
  server.keepAliveTimeout = 0
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

function forward(call: AwsCall, target: URL, send: typeof request, agent: Agent): Promise<AwsResponse> {
  return new Promise((settle, fail) => {
    const outgoing = send(
      target,
      { method: 'POST', agent, headers: { ...forwardedHeaders(call), 'content-length': call.body.length } },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', fail)
        incoming.on('end', () => {
          const headers = Object.entries(incoming.headers).filter(([name]) => returnedHeaders.has(name))
          settle({
            status: incoming.statusCode ?? 500,
            headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks),
          })
        })
      },
    )
    outgoing.on('error', (error) => fail(new Error(`DynamoDB at ${target.origin}: ${error.message}`)))
    outgoing.end(call.body)
  })
}

const returnedHeaders = new Set(['content-type', 'x-amz-crc32', 'x-amzn-requestid'])

function forwardedHeaders({ headers }: AwsCall): Record<string, string> {
  const forwarded: Record<string, string> = {}
  for (const name of ['content-type', 'x-amz-target', 'x-amz-date'] as const) {
    const value = headers[name]
    if (typeof value === 'string') forwarded[name] = value
  }
  // DynamoDB Local keeps separate tables for each access key: all callers use one.
  forwarded.authorization = (headers.authorization ?? '').replace(/Credential=[^/]+/, 'Credential=local')
  return forwarded
}
