import { z } from 'zod'
import type { LocalAccount, ResourceKind } from '../account.ts'
import { StartFailure } from '../start-failure.ts'
import { readProperties, unused } from './properties.ts'

/** A person's address that a topic's messages go to. */
export interface Subscription {
  readonly topicArn: string
  readonly protocol: 'email' | 'email-json' | 'sms'
  /** Mail address or E.164 number. */
  readonly endpoint: string
  /** SNS's own JSON, where not every message is wanted. */
  readonly filterPolicy?: unknown
  readonly filterPolicyScope?: string
}

const subscriptionSchema = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.unknown().optional(),
  FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
  // About deliveries to queues, functions and servers.
  RawMessageDelivery: unused,
  DeliveryPolicy: unused,
  RedrivePolicy: unused,
  Region: unused,
})

export const subscription: ResourceKind = {
  type: 'AWS::SNS::Subscription',
  identify: ({ logicalId }, { region, accountId }) => {
    const arn = `arn:aws:sns:${region}:${accountId}:subscription:${logicalId}`
    return { ref: arn, attributes: { Arn: arn } }
  },
  create(resources, account) {
    for (const resource of resources) {
      const { TopicArn, Protocol, Endpoint, FilterPolicy, FilterPolicyScope } = readProperties(
        subscriptionSchema,
        resource,
      )
      subscribe(
        resource.logicalId,
        {
          topicArn: TopicArn,
          protocol: Protocol,
          endpoint: Endpoint,
          ...(FilterPolicy !== undefined && { filterPolicy: FilterPolicy }),
          ...(FilterPolicyScope && { filterPolicyScope: FilterPolicyScope }),
        },
        account,
      )
    }
  },
}

/** @throws StartFailure where nothing on this machine can deliver by that protocol. */
export function subscribe(
  logicalId: string,
  wanted: Omit<Subscription, 'protocol'> & { readonly protocol: string },
  { stack, subscriptions }: LocalAccount,
): void {
  const { protocol, topicArn } = wanted
  if (!stack.of('AWS::SNS::Topic').some(({ identity }) => identity.ref === topicArn)) {
    throw new StartFailure(`${logicalId}: there is no topic ${topicArn}`)
  }
  if (protocol !== 'email' && protocol !== 'email-json' && protocol !== 'sms') {
    throw new StartFailure(`${logicalId}: the local runner does not know subscriptions by ${protocol}`)
  }
  subscriptions.push({ ...wanted, protocol })
}
