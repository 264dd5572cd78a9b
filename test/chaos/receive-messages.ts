import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { clientSettings } from '../../bench/recovery/client-settings.ts'
import type { LocalRun } from '../../local/run.ts'

/** What a queue that is subscribed to a topic has received, in the order of arrival. */
export interface ReceivedMessages<Message> {
  readonly messages: readonly Message[]
  /** Receives what has arrived already, and stops. */
  stop(): Promise<void>
}

/**
 * Subscribes a queue to a topic of a run and receives its messages until it is stopped.
 *
 * @param topic name of the output with the topic's ARN.
 */
export async function receiveMessages<Message>(
  run: LocalRun,
  topic: 'RoomEventTopicArn' | 'AlertTopicArn',
): Promise<ReceivedMessages<Message>> {
  const sqs = new SQSClient(clientSettings(run))
  const QueueUrl = await subscribeQueue(run, sqs, topic)
  const messages: Message[] = []
  let isStopped = false
  /** @returns the number of messages. */
  async function receive(WaitTimeSeconds: number): Promise<number> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }),
    )
    for (const { Body = '' } of Messages) messages.push(JSON.parse(Body) as Message)
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    return Messages.length
  }
  async function receiveUntilStopped(): Promise<void> {
    while (!isStopped) await receive(1)
    while ((await receive(1)) > 0);
  }
  const receiving = receiveUntilStopped()
  return {
    messages,
    async stop() {
      isStopped = true
      await receiving
    },
  }
}

/** @returns the URL of the queue. */
async function subscribeQueue(
  run: LocalRun,
  sqs: SQSClient,
  topic: keyof LocalRun['outputs'] & string,
): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `received-${topic}` }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  await new SNSClient(clientSettings(run)).send(
    new SubscribeCommand({
      TopicArn: run.outputs[topic],
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  )
  return QueueUrl
}
