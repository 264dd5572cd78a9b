import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import pMap from 'p-map'
import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import { requestOptions } from '../request-options.ts'

/** SQS's limit of one SendMessageBatch request. */
const maxBatchMessages = 10
const requestConcurrency = 8
const maxAttempts = 4

export function sqsClient(): SQSClient {
  return new SQSClient({})
}

/** Sends corrections to the event queue, ten per request. */
export function sqsCorrectionQueue(client: SQSClient, queueUrl: string): CorrectionQueue {
  /** @returns the messages that the queue did not accept. */
  async function sendBatch(bodies: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }))
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })
    const { Failed = [] } = await client.send(command, requestOptions(signal))
    return Failed.map(({ Id }) => bodies[Number(Id)]).filter((body) => body !== undefined)
  }

  async function sendWithRetries(bodies: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    let pending = bodies
    for (let attempt = 0; attempt < maxAttempts && pending.length > 0; attempt++)
      pending = await sendBatch(pending, signal)
    if (pending.length > 0) throw new Error(`the queue did not accept ${pending.length} events`)
  }

  return {
    async sendAll(envelopes, signal) {
      const bodies = envelopes.map(encodeEnvelope)
      const batches = Array.from({ length: Math.ceil(bodies.length / maxBatchMessages) }, (_, index) =>
        bodies.slice(index * maxBatchMessages, (index + 1) * maxBatchMessages),
      )
      await pMap(batches, (batch) => sendWithRetries(batch, signal), { concurrency: requestConcurrency })
    },
  }
}
