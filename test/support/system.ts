import { DynamoDBClient, GetItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { marshall } from '@aws-sdk/util-dynamodb'
import { inject } from 'vitest'
import { itemKey } from '../../adapters/dynamodb/keys.ts'
import { canonicalString, signatureOf } from '../../core/protocol/check-code.ts'
import type { EventSource } from '../../core/protocol/events.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import { type LocalOptions, type LocalRun, startLocal } from '../../local/run.ts'
import * as refusalCounts from '../../names/refusal-counts.ts'

/** The key that tests sign callbacks with. */
export const checkCodeKey = 'nb-demo-key'

/** `body` is the parsed JSON, or the text if it is not JSON. */
export type SystemResponse = { readonly status: number; readonly body: unknown; readonly headers: Headers }

/** The system as `npm start` runs it, with access for tests. */
export type System = {
  readonly run: LocalRun
  /** Sends a callback with GET. */
  callback(params: Record<string, string>): Promise<SystemResponse>
  /** Sends a request to the HTTP API. */
  request(path: string, init?: RequestInit): Promise<SystemResponse>
  /** Sends a GET request with the API token. */
  query(path: string): Promise<SystemResponse>
  /** Reads an item of the state table in DynamoDB's attribute notation. Resolves to undefined if it does not exist. */
  storedItem(aggregate: StatefulAggregateId): Promise<unknown>
  /** Damages a projection: takes its state away. */
  removeState(aggregate: StatefulAggregateId): Promise<void>
  /** Counts the items of a table, without those of each minute: samples of usage and people, and numbers of refused callbacks. */
  countItems(table: 'EventLogTableName' | 'StateTableName'): Promise<number>
  /** Counts the messages in a queue, including those in flight. */
  countMessages(queue: 'EventQueueUrl' | 'DeadLetterQueueUrl'): Promise<number>
  /** Puts an event on a queue, by default the event queue, as if it had been received at `receivedAtMs`. `attributes` are numbers. */
  enqueue(
    params: Record<string, string>,
    receivedAtMs: number,
    source?: EventSource,
    queue?: 'EventQueueUrl' | 'DeadLetterQueueUrl',
    attributes?: Readonly<Record<string, number>>,
  ): Promise<void>
  /** Resolves when every accepted event has been applied. */
  settle(): Promise<void>
}

/** Starts the system. Without `assembly`, it requires signed callbacks only if there is a `checkCodeKey`. */
export async function startSystem(options: LocalOptions = {}): Promise<System> {
  const assemblies = inject('assemblies')
  const run = await startLocal({
    port: 0,
    assembly: options.checkCodeKey === undefined ? assemblies.unsigned : assemblies.strict,
    logs: 'none',
    log: () => undefined,
    // The stack's batching window of a second would slow every test down.
    batchingWindowSeconds: 0.05,
    ...options,
  })
  async function request(path: string, init: RequestInit = {}): Promise<SystemResponse> {
    const response = await fetch(`${run.url}${path}`, init)
    return { status: response.status, body: parseBody(await response.text()), headers: response.headers }
  }
  return {
    run,
    request,
    callback: (params) => request(`/room_event_history?${new URLSearchParams(params)}`),
    query: (path) => request(path, { headers: { authorization: `Bearer ${run.apiToken}` } }),
    // Less than the time-out of a test, so that a failure shows what is still in work.
    settle: () => run.idle(150_000),
    ...accessTables(run),
    ...accessQueues(run),
  }
}

function accessTables(run: LocalRun): Pick<System, 'storedItem' | 'removeState' | 'countItems'> {
  const dynamodb = new DynamoDBClient(clientSettings(run))
  return {
    async storedItem(aggregate) {
      const TableName = run.outputs.StateTableName
      const response = await dynamodb.send(new GetItemCommand({ TableName, Key: marshall(itemKey(aggregate)) }))
      return response.Item
    },
    async removeState(aggregate) {
      const command = new UpdateItemCommand({
        TableName: run.outputs.StateTableName,
        Key: marshall(itemKey(aggregate)),
        UpdateExpression: 'SET #state = :null REMOVE packed',
        ConditionExpression: 'attribute_exists(version)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':null': { NULL: true } },
      })
      await dynamodb.send(command)
    },
    async countItems(table) {
      const command = new ScanCommand({
        TableName: run.outputs[table],
        Select: 'COUNT',
        FilterExpression: 'NOT #group IN (:usage, :people, :refused)',
        ExpressionAttributeNames: { '#group': 'group' },
        ExpressionAttributeValues: marshall({
          ':usage': 'usage',
          ':people': 'people',
          ':refused': refusalCounts.group,
        }),
      })
      return (await dynamodb.send(command)).Count ?? 0
    },
  }
}

function accessQueues(run: LocalRun): Pick<System, 'countMessages' | 'enqueue'> {
  const sqs = new SQSClient(clientSettings(run))
  return {
    async countMessages(queue) {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: run.outputs[queue], AttributeNames: ['All'] }),
      )
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    },
    async enqueue(params, received_at, source = 'callback', queue = 'EventQueueUrl', attributes = {}) {
      const envelope = { trace_id: params.trace_id, received_at, source, params }
      const MessageBody = JSON.stringify(envelope)
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'Number', StringValue: String(value) }]),
      )
      await sqs.send(new SendMessageCommand({ QueueUrl: run.outputs[queue], MessageBody, MessageAttributes }))
    },
  }
}

function clientSettings({ awsEndpointUrl: endpoint, region }: LocalRun) {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Adds `check_code` to the parameters, in hex. */
export function signParameters(params: Record<string, string>, key = checkCodeKey): Record<string, string> {
  return { ...params, check_code: computeCheckCode(params, key).toString('hex') }
}

/** Computes the bytes that `check_code` encodes. */
export function computeCheckCode(params: Record<string, string>, key = checkCodeKey): Buffer {
  const parameters = Object.entries(params).map(([name, value]) => ({ name, value }))
  return signatureOf(canonicalString(parameters), key)
}
