import type { EmulatedAccount } from '../account.ts'
import { callService, createAdminCall } from '../endpoint/aws-call.ts'

/** Makes the monitor read the length of every queue and the age of its oldest message before each evaluation. */
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
      const attributes = { ...(Attributes as Record<string, string> | undefined) }
      const oldestSentAtMs = await messaging.readOldestSentAtMs(QueueName)
      const oldestAgeSeconds = oldestSentAtMs === undefined ? 0 : (Date.now() - oldestSentAtMs) / 1000
      const putMetric = (name: string, value: number) =>
        put({ namespace: 'AWS/SQS', name, dimensions: { QueueName } }, value)
      putMetric('ApproximateNumberOfMessagesVisible', Number(attributes.ApproximateNumberOfMessages))
      putMetric('ApproximateAgeOfOldestMessage', oldestAgeSeconds)
    }
  })
}
