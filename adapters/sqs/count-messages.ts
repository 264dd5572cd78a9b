import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { requestOptions } from '../request-options.ts'

const attributes = {
  visible: 'ApproximateNumberOfMessages',
  in_flight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const

/** Counts the messages of a queue that are in one of these states. Approximate. */
export async function countMessages(
  client: SQSClient,
  queueUrl: string,
  states: readonly (keyof typeof attributes)[],
  signal?: AbortSignal,
): Promise<number> {
  const names = states.map((state) => attributes[state])
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: names })
  const { Attributes } = await client.send(command, requestOptions(signal))
  return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0)
}
