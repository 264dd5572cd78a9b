import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { inject } from 'vitest'
import { canonicalString, signatureOf } from '../../core/protocol/check-code.ts'
import { type LocalOptions, type LocalRun, startLocal } from '../../local/run.ts'

export const key = 'nb-demo-key'

export type Answer = { readonly status: number; readonly body: unknown; readonly headers: Headers }

/** The whole system on this machine, as `npm start` runs it, with what tests do to it. */
export type System = {
  readonly run: LocalRun
  /** Calls back with a GET. */
  callback(params: Record<string, string>): Promise<Answer>
  /** Any request to the local API. */
  request(path: string, init?: RequestInit): Promise<Answer>
  /** GET with the token. */
  query(path: string): Promise<Answer>
  /** An item of the state table, in DynamoDB's own notation; undefined where there is none. */
  storedItem(group: string, item: string): Promise<unknown>
  /** How many items a table holds. */
  count(table: 'EventLogTableName' | 'StateTableName'): Promise<number>
  /** How many messages wait in a queue, in flight ones included. */
  depth(queue: 'EventQueueUrl' | 'DeadLetterQueueUrl'): Promise<number>
  /** Puts an event on the queue as if it had been received at that time, in ms. */
  enqueue(params: Record<string, string>, received_at: number): Promise<void>
  /** Until every accepted event is applied. */
  settled(): Promise<void>
}

/** Starts with the assembly that fits: strict where there is a key, unsigned otherwise. */
export async function startSystem(options: LocalOptions = {}): Promise<System> {
  const assemblies = inject('assemblies')
  const run = await startLocal({
    port: 0,
    assembly: options.checkCodeKey === undefined ? assemblies.unsigned : assemblies.strict,
    logs: 'none',
    log: () => undefined,
    // The stack waits up to a second to fill a batch; tests have no second to lose.
    batchingWindowSeconds: 0.05,
    ...options,
  })
  const client = {
    endpoint: run.awsEndpointUrl,
    region: run.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const dynamodb = new DynamoDBClient(client)
  const sqs = new SQSClient(client)
  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${run.url}${path}`, init)
    const text = await response.text()
    return { status: response.status, body: jsonOr(text), headers: response.headers }
  }
  return {
    run,
    request,
    callback: (params) => request(`/room_event_history?${new URLSearchParams(params)}`),
    query: (path) => request(path, { headers: { authorization: `Bearer ${run.apiToken}` } }),
    async storedItem(group, item) {
      const TableName = run.outputs.StateTableName
      const answer = await dynamodb.send(
        new GetItemCommand({ TableName, Key: { group: { S: group }, item: { S: item } } }),
      )
      return answer.Item
    },
    async count(table) {
      const answer = await dynamodb.send(new ScanCommand({ TableName: run.outputs[table], Select: 'COUNT' }))
      return answer.Count ?? 0
    },
    async depth(queue) {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: run.outputs[queue], AttributeNames: ['All'] }),
      )
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    },
    async enqueue(params, received_at) {
      const envelope = { trace_id: params.trace_id, received_at, source: 'callback', signed: false, params }
      const MessageBody = JSON.stringify(envelope)
      await sqs.send(new SendMessageCommand({ QueueUrl: run.outputs.EventQueueUrl, MessageBody }))
    },
    settled: () => run.idle(),
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The parameters with their `check_code`, in hex. */
export function signed(params: Record<string, string>, withKey = key): Record<string, string> {
  return { ...params, check_code: hmac(params, withKey).toString('hex') }
}

export function hmac(params: Record<string, string>, withKey = key): Buffer {
  const parameters = Object.entries(params).map(([name, value]) => ({ name, value, sent: value }))
  return signatureOf(canonicalString(parameters, 'decoded'), withKey)
}
