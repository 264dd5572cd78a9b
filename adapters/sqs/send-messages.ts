import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import pMap from 'p-map'
import { requestOptions } from '../request-options.ts'
import { splitIntoBatches } from '../split-into-batches.ts'
import { maxBytes } from './max-bytes.ts'

/** SQS's limits of one SendMessageBatch request. */
const batchLimits = { maxMessages: 10, maxBytes }
const requestConcurrency = 8
const maxAttempts = 4

export function sqsClient(): SQSClient {
  return new SQSClient({})
}

/** Sends messages, up to ten per request. @throws if the queue did not accept all of them after several attempts. */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const batches = splitIntoBatches(bodies, (body) => Buffer.byteLength(body), batchLimits)
  await pMap(batches, (batch) => sendWithRetries(client, queueUrl, batch, signal), { concurrency: requestConcurrency })
}

async function sendWithRetries(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let pending = bodies
  for (let attempt = 0; attempt < maxAttempts && pending.length > 0; attempt++)
    pending = await sendBatch(client, queueUrl, pending, signal)
  if (pending.length > 0) throw new Error(`the queue did not accept ${pending.length} messages`)
}

/** @returns the messages that the queue did not accept. */
async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }))
  const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })
  const { Failed = [] } = await client.send(command, requestOptions(signal))
  return Failed.map(({ Id }) => bodies[Number(Id)]).filter((body) => body !== undefined)
}
