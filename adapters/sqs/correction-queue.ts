import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import { type Envelope, encodeEnvelope } from '../../core/protocol/envelope.ts'
import { messageGroupOf } from '../../core/protocol/message-group.ts'
import { requestOptions } from '../request-options.ts'
import { type QueueMessage, sendMessages } from './send-messages.ts'

const visibleMessages = 'ApproximateNumberOfMessages'

/** Sends corrections to the event queue. */
export function sqsCorrectionQueue(client: SQSClient, queueUrl: string): CorrectionQueue {
  return {
    async countVisible(signal) {
      const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [visibleMessages] })
      const { Attributes } = await client.send(command, requestOptions(signal))
      return Number(Attributes?.[visibleMessages] ?? 0)
    },
    sendAll: (envelopes, signal) => sendMessages(client, queueUrl, envelopes.map(toMessage), signal),
  }
}

function toMessage(envelope: Envelope): QueueMessage {
  return { body: encodeEnvelope(envelope), groupId: messageGroupOf(envelope.params) }
}
