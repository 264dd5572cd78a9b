import type { LocalAccount } from '../account.ts'
import { callService, ownCall } from '../endpoint/aws-call.ts'

/** How many messages each queue has waiting, and how old the oldest is. */
export function addQueueGauges({ stack, monitor, messaging, place }: LocalAccount): void {
  monitor.addGauge(async (put) => {
    for (const { identity } of stack.of('AWS::SQS::Queue')) {
      const QueueName = identity.attributes.QueueName ?? ''
      const { Attributes } = await callService(
        messaging.sqs,
        ownCall('sqs', 'GetQueueAttributes', place.region, { QueueUrl: identity.ref, AttributeNames: ['All'] }),
      )
      const counts = { ...(Attributes as Record<string, string> | undefined) }
      const oldest = await messaging.oldestMessage(QueueName)
      const figure = (name: string, value: number) =>
        put({ namespace: 'AWS/SQS', name, dimensions: { QueueName } }, value)
      figure('ApproximateNumberOfMessagesVisible', Number(counts.ApproximateNumberOfMessages))
      figure('ApproximateAgeOfOldestMessage', oldest === undefined ? 0 : (Date.now() - oldest) / 1000)
    }
  })
}
