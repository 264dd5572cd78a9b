import type { EmulatedAccount } from '../account.ts'
import type { MessageCounts } from '../sqs/fair-queue.ts'

/** Makes the monitor read the depth of every queue, in all message groups and in the quiet ones, before each evaluation. */
export function addQueueGauges({ stack, monitor, messaging }: EmulatedAccount): void {
  monitor.addGauge((put) => {
    for (const { identity } of stack.of('AWS::SQS::Queue')) {
      const QueueName = identity.attributes.QueueName ?? ''
      const depth = messaging.readQueueDepth(QueueName)
      if (!depth) continue
      const metrics = {
        ...metricsOf(depth.all, ''),
        ...metricsOf(depth.quiet, 'InQuietGroups'),
        ApproximateNumberOfNoisyGroups: depth.noisyGroups,
      }
      for (const [name, value] of Object.entries(metrics))
        put({ namespace: 'AWS/SQS', name, dimensions: { QueueName } }, value)
    }
  })
}

function metricsOf({ visible, notVisible, delayed, oldestSentAtMs }: MessageCounts, suffix: string) {
  return {
    [`ApproximateNumberOfMessagesVisible${suffix}`]: visible,
    [`ApproximateNumberOfMessagesNotVisible${suffix}`]: notVisible,
    [`ApproximateNumberOfMessagesDelayed${suffix}`]: delayed,
    [`ApproximateAgeOfOldestMessage${suffix}`]: oldestSentAtMs === undefined ? 0 : (Date.now() - oldestSentAtMs) / 1000,
  }
}
