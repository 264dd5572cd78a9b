import type { SQSClient } from '@aws-sdk/client-sqs'
import type { CommandQueue } from '../../core/ports/event-queue.ts'
import { type Command, encodeCommand } from '../../core/protocol/command.ts'
import { messageGroupOf } from '../../core/protocol/message-group.ts'
import { type QueueMessage, sendMessages } from './send-messages.ts'

/** Sends commands to the event queue. */
export function sqsCommandQueue(client: SQSClient, queueUrl: string): CommandQueue {
  return {
    sendAll: (commands, signal) => sendMessages(client, queueUrl, commands.map(toMessage), signal),
  }
}

function toMessage(command: Command): QueueMessage {
  return { body: encodeCommand(command), groupId: messageGroupOf(command.aggregate) }
}
