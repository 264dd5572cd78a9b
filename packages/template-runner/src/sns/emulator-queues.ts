import { z } from 'zod'
import { accountId } from '../deployment-target.ts'
import { type AwsService, callService, createAdminCall, createAdminQuery } from '../endpoint/aws-call.ts'
import { deleteMessages, receiveMessages } from '../polling/queue-messages.ts'
import { parseNotification, type SnsNotification } from './sns-notification.ts'

/** The SQS and SNS emulator. */
export interface MessagingEmulator {
  readonly sqs: AwsService
  readonly sns: AwsService
  readonly region: string
}

/** Which messages of a topic a subscription receives. */
export interface TopicFilter {
  readonly topicArn: string
  readonly filterPolicy?: unknown
  readonly filterPolicyScope?: string
}

export interface ReceivedNotification {
  readonly notification: SnsNotification
  /** The notification as JSON text. */
  readonly body: string
}

const createdQueueSchema = z.object({ QueueUrl: z.string() })

/** Creates a queue whose received messages stay visible. */
export async function createSubscriberQueue(
  { sqs, region }: MessagingEmulator,
  QueueName: string,
): Promise<{ queueUrl: string; queueArn: string }> {
  // Without a visibility timeout, receiving for one entry of a batch does not hide the messages of the next entry.
  const input = { QueueName, Attributes: { VisibilityTimeout: '0' } }
  const created = await callService(sqs, createAdminCall('sqs', 'CreateQueue', region, input))
  const { QueueUrl } = createdQueueSchema.parse(created)
  return { queueUrl: QueueUrl, queueArn: `arn:aws:sqs:${region}:${accountId}:${QueueName}` }
}

export async function subscribeQueue(
  { sns, region }: MessagingEmulator,
  { topicArn, filterPolicy, filterPolicyScope }: TopicFilter,
  queueArn: string,
  rawMessageDelivery: boolean,
): Promise<void> {
  const attributes = {
    RawMessageDelivery: String(rawMessageDelivery),
    ...(filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) }),
    ...(filterPolicyScope === undefined ? {} : { FilterPolicyScope: filterPolicyScope }),
  }
  const fields = Object.entries(attributes).flatMap(([key, value], index) => [
    [`Attributes.entry.${index + 1}.key`, key],
    [`Attributes.entry.${index + 1}.value`, value],
  ])
  const input = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn, ...Object.fromEntries(fields) }
  await callService(sns, createAdminQuery('sns', 'Subscribe', region, input))
}

/** Receives and deletes the notifications of one message. A filter policy may leave none. */
export async function takeNotifications(
  { sqs, region }: MessagingEmulator,
  queueUrl: string,
  messageId: string,
): Promise<ReceivedNotification[]> {
  const queue = { sqs, queueUrl, region }
  const received = (await receiveMessages(queue, 10, 0)).map((message) => ({
    message,
    notification: parseNotification(message.Body),
  }))
  const taken = received.filter(({ notification }) => notification.MessageId === messageId)
  await deleteMessages(
    queue,
    taken.map(({ message }) => message),
  )
  return taken.map(({ message, notification }) => ({ notification, body: message.Body }))
}
