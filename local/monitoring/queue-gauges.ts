import type { LocalAccount } from '../account.ts'
import { callService, ownCall } from '../endpoint/aws-call.ts'

/**
 * How many messages each queue has waiting, and for how long.
 *
 * The emulator does not tell the age of a message, and receiving one to see would count as a receive. So a queue is as
 * old as the time for which it has not been seen empty: never younger than the truth, and older only where messages
 * come so fast that it is never seen empty.
 */
export function addQueueGauges({ stack, monitor, messaging, place }: LocalAccount): void {
  const busySince = new Map<string, number>()
  monitor.addGauge(async (put) => {
    const now = Date.now()
    for (const { identity } of stack.of('AWS::SQS::Queue')) {
      const dimensions = { QueueName: identity.attributes.QueueName ?? '' }
      const { Attributes } = await callService(
        messaging.sqs,
        ownCall('sqs', 'GetQueueAttributes', place.region, { QueueUrl: identity.ref, AttributeNames: ['All'] }),
      )
      const counts = { ...(Attributes as Record<string, string> | undefined) }
      const waiting = Number(counts.ApproximateNumberOfMessages)
      const all = waiting + Number(counts.ApproximateNumberOfMessagesNotVisible)
      const since = all === 0 ? now : (busySince.get(identity.ref) ?? now)
      busySince.set(identity.ref, since)
      const figure = (name: string, value: number) => put({ namespace: 'AWS/SQS', name, dimensions }, value)
      figure('ApproximateNumberOfMessagesVisible', waiting)
      figure('ApproximateAgeOfOldestMessage', (now - since) / 1000)
    }
  })
}
