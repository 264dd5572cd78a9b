import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { DeadLetter, DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'
import { redrivenAt } from '../../names/message-attributes.ts'
import { requestOptions } from '../request-options.ts'
import { countMessages } from './count-messages.ts'
import { sqsRetryQueue } from './retry-queue.ts'
import { sendMessages } from './send-messages.ts'

/** SQS's limit of one ReceiveMessage request. */
const maxReceived = 10
/** Longer than the period of the schedule, so that the next run skips what a run left hidden when its time was over. */
const defaultHiddenSeconds = 600
/** With any wait, SQS asks all of its servers, so that an empty response means that the queue has no visible messages. */
const waitSeconds = 1

export type DeadLetterQueueOptions = {
  readonly client: SQSClient
  readonly deadLetterQueueUrl: string
  readonly eventQueueUrl: string
  /** How long a received dead letter stays hidden from other consumers, unless it is released. Default: ten minutes. */
  readonly hiddenSeconds?: number
}

export function sqsDeadLetterQueue(options: DeadLetterQueueOptions): DeadLetterQueue {
  const { client, deadLetterQueueUrl, eventQueueUrl, hiddenSeconds = defaultHiddenSeconds } = options
  return {
    countVisible: (signal) => countMessages(client, deadLetterQueueUrl, ['visible'], signal),
    countQueuedMessages: (signal) => countMessages(client, eventQueueUrl, ['visible', 'in_flight', 'delayed'], signal),
    async receive(signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl: deadLetterQueueUrl,
        MaxNumberOfMessages: maxReceived,
        VisibilityTimeout: hiddenSeconds,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
        MessageAttributeNames: [redrivenAt],
      })
      const { Messages = [] } = await client.send(command, requestOptions(signal))
      return Messages.flatMap(toDeadLetter)
    },
    async putBack(letters, now, signal) {
      const attributes = { [redrivenAt]: now }
      const messages = letters.map(({ body, groupId }) => ({ body, groupId, attributes }))
      await sendMessages(client, eventQueueUrl, messages, signal)
      await deleteLetters(options, letters, signal)
    },
    async release(receiptHandles, signal) {
      const messages = receiptHandles.map((receiptHandle) => ({ receiptHandle, delaySeconds: 0 }))
      await sqsRetryQueue(client, deadLetterQueueUrl).delayAll(messages, signal)
    },
  }
}

function toDeadLetter({ MessageId, Body, ReceiptHandle, Attributes, MessageAttributes }: Message): DeadLetter[] {
  if (MessageId === undefined || Body === undefined || ReceiptHandle === undefined) return []
  return [
    {
      id: MessageId,
      body: Body,
      groupId: Attributes?.MessageGroupId,
      sentAt: Number(Attributes?.SentTimestamp ?? 0),
      receiptHandle: ReceiptHandle,
      isRedriven: MessageAttributes?.[redrivenAt] !== undefined,
    },
  ]
}

/** Deletes up to ten dead letters, which one request can. */
async function deleteLetters(
  { client, deadLetterQueueUrl }: DeadLetterQueueOptions,
  letters: readonly DeadLetter[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const Entries = letters.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }))
  const command = new DeleteMessageBatchCommand({ QueueUrl: deadLetterQueueUrl, Entries })
  const { Failed = [] } = await client.send(command, requestOptions(signal))
  const [first] = Failed
  if (first !== undefined)
    throw new Error(`${Failed.length} dead letters were put back, but not deleted: ${first.Code}`)
}
