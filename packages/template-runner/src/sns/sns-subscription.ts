import type { OutboxMessage } from './outbox.ts'

/** A subscription of a person to a topic. */
export interface SnsSubscription {
  readonly topicArn: string
  readonly protocol: OutboxMessage['protocol']
  /** E-mail address or E.164 number. */
  readonly endpoint: string
  /** In the JSON format of SNS. Without a filter policy, the subscription receives every message. */
  readonly filterPolicy?: unknown
  readonly filterPolicyScope?: string
}
