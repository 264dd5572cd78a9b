import type { SQSClient } from '@aws-sdk/client-sqs'
import type { CommandQueue } from '../../core/ports/event-queue.ts'
import { encodeCommand } from '../../core/protocol/command.ts'
import { sendMessages } from './send-messages.ts'

/** Sends commands to the event queue. */
export function sqsCommandQueue(client: SQSClient, queueUrl: string): CommandQueue {
  return {
    sendAll: (commands, signal) => sendMessages(client, queueUrl, commands.map(encodeCommand), signal),
  }
}
