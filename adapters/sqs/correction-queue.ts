import type { SQSClient } from '@aws-sdk/client-sqs'
import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import { type Envelope, encodeEnvelope } from '../../core/protocol/envelope.ts'
import { messageGroupOf } from '../../core/protocol/message-group.ts'
import { countMessages } from './count-messages.ts'
import { type QueueMessage, sendMessages } from './send-messages.ts'

/** Sends corrections to the event queue. */
export function sqsCorrectionQueue(client: SQSClient, queueUrl: string): CorrectionQueue {
  return {
    countVisible: (signal) => countMessages(client, queueUrl, ['visible'], signal),
    sendAll: (envelopes, signal) => sendMessages(client, queueUrl, envelopes.map(toMessage), signal),
  }
}

function toMessage(envelope: Envelope): QueueMessage {
  return { body: encodeEnvelope(envelope), groupId: messageGroupOf(envelope.params) }
}
