import { type AwsService, callService, createAdminCall } from '../endpoint/aws-call.ts'
import { readMessages, type SqsMessage } from './sqs-message.ts'

/** SQS's limit for ReceiveMessage and DeleteMessageBatch. */
const maxMessagesPerCall = 10

/** A queue, and the service that its messages are received from. */
export interface QueueConnection {
  readonly sqs: AwsService
  readonly queueUrl: string
  readonly region: string
}

/** Receives up to `maxMessages` messages with one ReceiveMessage call, which returns at most 10. */
export async function receiveMessages(
  { sqs, queueUrl, region }: QueueConnection,
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
  { sqs, queueUrl, region }: QueueConnection,
  messages: readonly SqsMessage[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += maxMessagesPerCall) {
    const Entries = messages
      .slice(start, start + maxMessagesPerCall)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    await callService(sqs, createAdminCall('sqs', 'DeleteMessageBatch', region, { QueueUrl: queueUrl, Entries }))
  }
}

/** Makes a received message visible again after some seconds. */
export async function hideMessage(
  { sqs, queueUrl, region }: QueueConnection,
  { ReceiptHandle }: SqsMessage,
  seconds: number,
): Promise<void> {
  const input = { QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: seconds }
  await callService(sqs, createAdminCall('sqs', 'ChangeMessageVisibility', region, input))
}
