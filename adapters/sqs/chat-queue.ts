import type { SQSClient } from '@aws-sdk/client-sqs'
import type { ChatQueue } from '../../core/ports/chat-queue.ts'
import { encodeMessage } from '../../core/protocol/envelope.ts'
import { sendMessages } from './send-messages.ts'

/** Sends messages for robots to the chat queue. Each robot has a message group, so that one with many messages delays no other. */
export function sqsChatQueue(client: SQSClient, queueUrl: string): ChatQueue {
  return {
    sendAll: (messages, signal) =>
      sendMessages(
        client,
        queueUrl,
        messages.map((message) => ({ body: encodeMessage(message), groupId: message.robot })),
        signal,
      ),
  }
}
