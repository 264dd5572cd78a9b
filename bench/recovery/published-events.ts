import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { z } from 'zod'
import type { LocalRun } from '../../local/run.ts'
import { clientSettings } from './client-settings.ts'

const eventSchema = z.object({ trace_id: z.string() })

/** What a queue that is subscribed to the room event topic has received. */
export type PublishedEvents = {
  /** For each `trace_id`, when its event arrived first, by `performance.now()`. */
  readonly arrivedAtMs: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** Subscribes a queue to the room event topic and reads it until it is stopped. */
export async function receivePublishedEvents(run: LocalRun): Promise<PublishedEvents> {
  const sqs = new SQSClient(clientSettings(run))
  const QueueUrl = await subscribeQueue(run, sqs)
  const arrivedAtMs = new Map<string, number>()
  let isStopped = false
  async function receive(): Promise<void> {
    while (!isStopped) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      )
      for (const { Body = '' } of Messages) {
        const { trace_id } = eventSchema.parse(JSON.parse(Body))
        if (!arrivedAtMs.has(trace_id)) arrivedAtMs.set(trace_id, performance.now())
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
  }
  const receiving = receive()
  return {
    arrivedAtMs,
    async stop() {
      isStopped = true
      await receiving
    },
  }
}

/** @returns the URL of the queue. */
async function subscribeQueue(run: LocalRun, sqs: SQSClient): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'published-events' }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  await new SNSClient(clientSettings(run)).send(
    new SubscribeCommand({
      TopicArn: run.outputs.RoomEventTopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  )
  return QueueUrl
}
