import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import dynalite from 'dynalite'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import { dynamodbPermissions } from './dynamodb-permissions.ts'
import { putsTooLargeItem } from './item-limit.ts'
import { describeTableSettings, type TableSettings } from './table-settings.ts'

/** How long closing waits for calls in progress. */
const maxDrainMs = 500

export interface DynamoDb extends AwsService {
  /** The address of the engine itself. */
  readonly url: string
  /** Declares settings that the engine does not keep, so that they can be described. */
  declareSettings(tableName: string, settings: TableSettings): void
  close(): Promise<void>
}

/** Starts an embedded DynamoDB. @param url a DynamoDB endpoint to use instead of the embedded one. */
export async function startDynamoDb(url?: string): Promise<DynamoDb> {
  const embedded = url === undefined ? await startEmbedded() : undefined
  const target = new URL(embedded?.url ?? url ?? '')
  const secure = target.protocol === 'https:'
  const agent = new (secure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: 64 })
  const pendingCalls = new Set<Promise<unknown>>()
  const partitionKeys = new Map<string, string>()
  const tableSettings = new Map<string, TableSettings>()
  return {
    url: target.href,
    permissions: (call) => dynamodbPermissions(call, partitionKeys),
    declareSettings: (tableName, settings) => void tableSettings.set(tableName, settings),
    async handle(call) {
      const described = describeTableSettings(call, tableSettings)
      if (described !== undefined) return described
      if (call.action === 'CreateTable') rememberPartitionKey(call, partitionKeys)
      if (putsTooLargeItem(call))
        return awsError(call, 400, 'ValidationException', 'Item size has exceeded the maximum allowed size')
      const response = forward(call, target, secure ? secureRequest : request, agent)
      const settled = response.catch(() => {}).finally(() => pendingCalls.delete(settled))
      pendingCalls.add(settled)
      return response
    },
    async close() {
      // The embedded DynamoDB throws if a request is aborted.
      await Promise.race([Promise.all(pendingCalls), sleep(maxDrainMs)])
      agent.destroy()
      await embedded?.close()
    },
  }
}

function rememberPartitionKey({ input }: AwsCall, partitionKeys: Map<string, string>): void {
  const schema = Array.isArray(input.KeySchema) ? input.KeySchema : []
  const partitionKey = schema.find(({ KeyType }) => KeyType === 'HASH')
  if (partitionKey !== undefined) partitionKeys.set(String(input.TableName), String(partitionKey.AttributeName))
}

async function startEmbedded(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // Idle connections stay open: the agent could otherwise send a call on a connection that is being closed.
  server.keepAliveTimeout = 0
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function forward(call: AwsCall, target: URL, send: typeof request, agent: Agent): Promise<AwsResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = send(
      target,
      { method: 'POST', agent, headers: { ...selectHeaders(call), 'content-length': call.body.length } },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const headers = Object.entries(incoming.headers).filter(([name]) => returnedHeaders.has(name))
          resolve({
            status: incoming.statusCode ?? 500,
            headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks),
          })
        })
      },
    )
    outgoing.on('error', (error) => reject(new Error(`DynamoDB at ${target.origin}: ${error.message}`)))
    outgoing.end(call.body)
  })
}

const returnedHeaders = new Set(['content-type', 'x-amz-crc32', 'x-amzn-requestid'])

function selectHeaders({ headers }: AwsCall): Record<string, string> {
  const forwarded: Record<string, string> = {}
  for (const name of ['content-type', 'x-amz-target', 'x-amz-date'] as const) {
    const value = headers[name]
    if (typeof value === 'string') forwarded[name] = value
  }
  // DynamoDB Local keeps separate tables for each access key, so all callers use the same one.
  forwarded.authorization = (headers.authorization ?? '').replace(/Credential=[^/]+/, 'Credential=local')
  return forwarded
}
