import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import pMap from 'p-map'
import { type Envelope, encodeEnvelope } from '../../core/protocol/envelope.ts'

const maxBatchMessages = 10
const requestConcurrency = 8
const attempts = 4

export function sqsClient(): SQSClient {
  return new SQSClient({})
}

/** Sends many events down the road, ten a request. Sending one twice does no harm. */
export function sqsCorrectionQueue(client: SQSClient, queueUrl: string) {
  /** @returns the messages that the queue did not take. */
  async function send(bodies: readonly string[]): Promise<string[]> {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }))
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
    return Failed.map(({ Id }) => bodies[Number(Id)]).filter((body) => body !== undefined)
  }

  return {
    /** @throws where some were not taken after several tries. */
    async sendAll(envelopes: readonly Envelope[]): Promise<void> {
      const bodies = envelopes.map(encodeEnvelope)
      const batches = Array.from({ length: Math.ceil(bodies.length / maxBatchMessages) }, (_, index) =>
        bodies.slice(index * maxBatchMessages, (index + 1) * maxBatchMessages),
      )
      await pMap(
        batches,
        async (batch) => {
          let left: readonly string[] = batch
          for (let attempt = 0; attempt < attempts && left.length > 0; attempt++) left = await send(left)
          if (left.length > 0) throw new Error(`the queue did not take ${left.length} events`)
        },
        { concurrency: requestConcurrency },
      )
    },
  }
}
