import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { OutboxMessage } from '../sns/outbox.ts'
import { StartupError } from '../startup-error.ts'
import { mayCall } from './permissions.ts'
import { readProperties, unused } from './properties.ts'

/** A person's address that a topic's messages go to. */
export interface Subscription {
  readonly topicArn: string
  readonly protocol: OutboxMessage['protocol']
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
  RawMessageDelivery: z.union([z.boolean(), z.stringbool()]).default(false),
  // About deliveries that fail, which here they do not.
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
  async create(resources, account) {
    for (const resource of resources) {
      const { TopicArn, Protocol, Endpoint, FilterPolicy, FilterPolicyScope, RawMessageDelivery } = readProperties(
        subscriptionSchema,
        resource,
      )
      await subscribe(
        { logicalId: resource.logicalId, arn: resource.identity.ref, raw: RawMessageDelivery },
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

type Wanted = Omit<Subscription, 'protocol'> & { readonly protocol: string }

/** @throws StartupError where it cannot be delivered to on this machine, or might not be in the account. */
export async function subscribe(
  { logicalId, arn, raw }: { readonly logicalId: string; readonly arn: string; readonly raw: boolean },
  wanted: Wanted,
  account: EmulatedAccount,
): Promise<void> {
  const { protocol, topicArn, endpoint } = wanted
  const { stack, deliveries, functions, subscriptions } = account
  if (!stack.of('AWS::SNS::Topic').some(({ identity }) => identity.ref === topicArn)) {
    throw new StartupError(`${logicalId}: there is no topic ${topicArn}`)
  }
  switch (protocol) {
    case 'email':
    case 'email-json':
    case 'sms':
      subscriptions.push({ ...wanted, protocol })
      return deliveries.subscribe({ ...wanted, receiver: { kind: 'person', protocol, endpoint } })
    case 'sqs':
      await checkQueue(logicalId, wanted, account)
      return deliveries.subscribeQueue(wanted, endpoint, raw)
    case 'lambda': {
      const pool = functions.get(endpoint.split(':').at(-1) ?? '')
      if (!pool) throw new StartupError(`${logicalId}: there is no function ${endpoint}`)
      if (!mayCall('sns.amazonaws.com', topicArn, endpoint, account)) {
        throw new StartupError(`${logicalId}: no permission lets sns.amazonaws.com call ${endpoint} for ${topicArn}`)
      }
      return deliveries.subscribe({ ...wanted, receiver: { kind: 'function', subscriptionArn: arn, pool } })
    }
    default:
      throw new StartupError(`${logicalId}: the local runner does not know subscriptions by ${protocol}`)
  }
}

/** In the account a queue drops what its policy does not let the topic send. */
async function checkQueue(logicalId: string, { topicArn, endpoint }: Wanted, { stack, access }: EmulatedAccount) {
  if (!stack.of('AWS::SQS::Queue').some(({ identity }) => identity.attributes.Arn === endpoint)) {
    throw new StartupError(`${logicalId}: there is no queue ${endpoint}`)
  }
  if (await access.allowsService('sns.amazonaws.com', topicArn, 'sqs:SendMessage', endpoint)) return
  throw new StartupError(`${logicalId}: no policy of ${endpoint} lets sns.amazonaws.com send to it for ${topicArn}`)
}
