import type { EmulatedAccount } from '../account.ts'
import { callService, createAdminCall } from '../endpoint/aws-call.ts'

/** How many messages each queue has waiting, and how old the oldest is. */
export function addQueueGauges({ stack, monitor, messaging, target }: EmulatedAccount): void {
  monitor.addGauge(async (put) => {
    for (const { identity } of stack.of('AWS::SQS::Queue')) {
      const QueueName = identity.attributes.QueueName ?? ''
      const { Attributes } = await callService(
        messaging.sqs,
        createAdminCall('sqs', 'GetQueueAttributes', target.region, {
          QueueUrl: identity.ref,
          AttributeNames: ['All'],
        }),
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
