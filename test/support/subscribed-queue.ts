import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import type { LocalRun } from '../../local/run.ts'

/** What a queue got of a topic: the message, which is JSON, and the attributes by name. */
export type Notification = {
  readonly subject: string | undefined
  readonly payload: Record<string, unknown>
  readonly attributes: Record<string, string>
}

let serial = 0

/**
 * Subscribes a new queue to a topic through the local endpoint, as an integrator would.
 *
 * @returns gives what came since it was asked last.
 */
export async function subscribedQueue(
  { awsEndpointUrl: endpoint, region }: Pick<LocalRun, 'awsEndpointUrl' | 'region'>,
  TopicArn: string | undefined,
  filterPolicy?: object,
): Promise<() => Promise<Notification[]>> {
  const client = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const sqs = new SQSClient(client)
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `subscriber-${serial++}` }))
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
    const got: Notification[] = []
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      )
      if (Messages.length === 0) return got
      for (const { Body = '{}' } of Messages) got.push(read(Body))
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
  }
}

function read(body: string): Notification {
  const { Subject, Message, MessageAttributes = {} } = JSON.parse(body)
  const attributes = Object.entries(MessageAttributes as Record<string, { Value: string }>)
  return {
    subject: Subject,
    payload: JSON.parse(Message),
    attributes: Object.fromEntries(attributes.map(([name, { Value }]) => [name, Value])),
  }
}
