import { type AwsService, callService, createAdminCall } from '../endpoint/aws-call.ts'
import { readMessages, type SqsMessage } from './sqs-message.ts'

/** SQS's limit for ReceiveMessage and DeleteMessageBatch. */
const maxMessagesPerCall = 10

export interface PolledQueue {
  readonly sqs: AwsService
  readonly queueUrl: string
  readonly region: string
}

/** Receives at most `maxMessages` messages, and at most what one ReceiveMessage call returns. */
export async function receiveMessages(
  { sqs, queueUrl, region }: PolledQueue,
  maxMessages: number,
  waitSeconds: number,
): Promise<SqsMessage[]> {
  const output = await callService(
    sqs,
    createAdminCall('sqs', 'ReceiveMessage', region, {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(maxMessagesPerCall, maxMessages),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  )
  return readMessages(output)
}

export async function deleteMessages(
  { sqs, queueUrl, region }: PolledQueue,
  messages: readonly SqsMessage[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += maxMessagesPerCall) {
    const Entries = messages
      .slice(start, start + maxMessagesPerCall)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    await callService(sqs, createAdminCall('sqs', 'DeleteMessageBatch', region, { QueueUrl: queueUrl, Entries }))
  }
}
