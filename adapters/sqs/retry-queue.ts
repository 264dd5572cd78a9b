import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import pMap from 'p-map'
import type { DelayedMessage, DelayFailure, RetryQueue } from '../../core/ports/event-queue.ts'
import { requestOptions } from '../request-options.ts'

/** SQS's limit of one ChangeMessageVisibilityBatch request. */
const maxEntries = 10
const requestConcurrency = 10

/** Delays the next receive of messages by their visibility timeout, up to ten messages per request. */
export function sqsRetryQueue(client: SQSClient, queueUrl: string): RetryQueue {
  return {
    async delayAll(messages, signal) {
      const batches = Array.from({ length: Math.ceil(messages.length / maxEntries) }, (_, index) =>
        messages.slice(index * maxEntries, (index + 1) * maxEntries),
      )
      const delay = (batch: readonly DelayedMessage[]) => delayBatch(client, queueUrl, batch, signal)
      return (await pMap(batches, delay, { concurrency: requestConcurrency })).flat()
    },
  }
}

async function delayBatch(
  client: SQSClient,
  queueUrl: string,
  messages: readonly DelayedMessage[],
  signal: AbortSignal | undefined,
): Promise<DelayFailure[]> {
  const Entries = messages.map(({ receiptHandle, delaySeconds }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: delaySeconds,
  }))
  const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries })
  try {
    const { Failed = [] } = await client.send(command, requestOptions(signal))
    return Failed.flatMap(({ Id, Code, Message }) => {
      const message = messages[Number(Id)]
      return message === undefined ? [] : [{ message, error: new Error(`SQS: ${Code} ${Message ?? ''}`) }]
    })
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    return messages.map((message) => ({ message, error: failure }))
  }
}
