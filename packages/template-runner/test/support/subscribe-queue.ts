import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import type { TemplateRun } from '../../src/index.ts'

/** A message that a queue received from a topic. `payload` is the parsed JSON message. */
export interface QueuedNotification {
  readonly subject: string | undefined
  readonly payload: Record<string, unknown>
  readonly attributes: Record<string, string>
}

let queueCount = 0

/**
 * Subscribes a new queue to a topic, the way an integrator would.
 *
 * @returns a function that receives and deletes the messages that have arrived since its last call.
 */
export async function subscribeQueue(
  { awsEndpointUrl: endpoint, region }: Pick<TemplateRun, 'awsEndpointUrl' | 'region'>,
  TopicArn: string | undefined,
  filterPolicy?: object,
): Promise<() => Promise<QueuedNotification[]>> {
  const client = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const sqs = new SQSClient(client)
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `subscriber-${queueCount++}` }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  await new SNSClient(client).send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      ...(filterPolicy && { Attributes: { FilterPolicy: JSON.stringify(filterPolicy) } }),
    }),
  )
  return async () => {
    const received: QueuedNotification[] = []
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      )
      if (Messages.length === 0) return received
      for (const { Body = '{}' } of Messages) received.push(parseNotification(Body))
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
  }
}

function parseNotification(body: string): QueuedNotification {
  const { Subject, Message, MessageAttributes = {} } = JSON.parse(body)
  const attributes = Object.entries(MessageAttributes as Record<string, { Value: string }>)
  return {
    subject: Subject,
    payload: JSON.parse(Message),
    attributes: Object.fromEntries(attributes.map(([name, { Value }]) => [name, Value])),
  }
}
