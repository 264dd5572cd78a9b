import type { SQSClient } from '@aws-sdk/client-sqs'
import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import { sendMessages } from './send-messages.ts'

/** Sends corrections to the event queue. */
export function sqsCorrectionQueue(client: SQSClient, queueUrl: string): CorrectionQueue {
  return {
    sendAll: (envelopes, signal) => sendMessages(client, queueUrl, envelopes.map(encodeEnvelope), signal),
  }
}
