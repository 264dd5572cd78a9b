import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import pMap from 'p-map'
import { requestOptions } from '../request-options.ts'
import { splitIntoBatches } from '../split-into-batches.ts'
import { maxBytes } from './max-bytes.ts'

/** SQS's limits of one SendMessageBatch request. */
const batchLimits = { maxMessages: 10, maxBytes }
const requestConcurrency = 8
const maxAttempts = 4

export type QueueMessage = {
  readonly body: string
  /** The message group (`messageGroupOf`); undefined if the message has none. */
  readonly groupId: string | undefined
  /** Numbers by name. */
  readonly attributes?: Readonly<Record<string, number>>
}

export function sqsClient(): SQSClient {
  return new SQSClient({})
}

/** Sends messages, up to ten per request. @throws if the queue did not accept all of them after several attempts. */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
  signal?: AbortSignal,
): Promise<void> {
  const batches = splitIntoBatches(messages, bytesOf, batchLimits)
  await pMap(batches, (batch) => sendWithRetries(client, queueUrl, batch, signal), { concurrency: requestConcurrency })
}

async function sendWithRetries(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let pending = messages
  for (let attempt = 0; attempt < maxAttempts && pending.length > 0; attempt++)
    pending = await sendBatch(client, queueUrl, pending, signal)
  if (pending.length > 0) throw new Error(`the queue did not accept ${pending.length} messages`)
}

/** @returns the messages that the queue did not accept. */
async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
  signal: AbortSignal | undefined,
): Promise<QueueMessage[]> {
  const Entries = messages.map(({ body, groupId, attributes }, index) => ({
    Id: String(index),
    MessageBody: body,
    MessageGroupId: groupId,
    ...(attributes && { MessageAttributes: toMessageAttributes(attributes) }),
  }))
  const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })
  const { Failed = [] } = await client.send(command, requestOptions(signal))
  return Failed.map(({ Id }) => messages[Number(Id)]).filter((message) => message !== undefined)
}

const numberType = 'Number'

function toMessageAttributes(attributes: Readonly<Record<string, number>>) {
  const entries = Object.entries(attributes)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, { DataType: numberType, StringValue: String(value) }]),
  )
}

/** SQS counts the names, types and values of attributes, too. */
function bytesOf({ body, attributes = {} }: QueueMessage): number {
  const texts = Object.entries(attributes).map(([name, value]) => `${name}${numberType}${value}`)
  return Buffer.byteLength(body) + Buffer.byteLength(texts.join(''))
}
