import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { SnsSubscription } from '../sns/sns-subscription.ts'
import { StartupError } from '../startup-error.ts'
import { permitsInvocation } from './permissions.ts'
import { readProperties, unused } from './properties.ts'

const subscriptionSchema = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.unknown().optional(),
  FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
  RawMessageDelivery: z.union([z.boolean(), z.stringbool()]).default(false),
  // Deliveries do not fail here.
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
        { logicalId: resource.logicalId, arn: resource.identity.ref, rawMessageDelivery: RawMessageDelivery },
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

type SubscriptionRequest = Omit<SnsSubscription, 'protocol'> & { readonly protocol: string }

/**
 * Subscribes a person, a queue or a function to a topic.
 *
 * @throws StartupError if the runner does not support the protocol, or if AWS could not deliver to the endpoint.
 */
export async function subscribe(
  source: { readonly logicalId: string; readonly arn: string; readonly rawMessageDelivery: boolean },
  request: SubscriptionRequest,
  account: EmulatedAccount,
): Promise<void> {
  const { logicalId, arn, rawMessageDelivery } = source
  const { protocol, topicArn, endpoint } = request
  const { stack, deliveries, functions, subscriptions } = account
  if (!stack.of('AWS::SNS::Topic').some(({ identity }) => identity.ref === topicArn)) {
    throw new StartupError(`${logicalId}: there is no topic ${topicArn}`)
  }
  if (protocol !== 'sqs') deliveries.subscriptions.add({ subscriptionArn: arn, topicArn, protocol, endpoint })
  switch (protocol) {
    case 'email':
    case 'email-json':
    case 'sms':
      subscriptions.push({ ...request, protocol })
      return deliveries.subscribe({ ...request, receiver: { kind: 'person', protocol, endpoint } })
    case 'sqs':
      await checkQueue(logicalId, request, account)
      return deliveries.subscribeQueue(request, endpoint, rawMessageDelivery)
    case 'lambda': {
      const pool = functions.get(endpoint.split(':').at(-1) ?? '')
      if (!pool) throw new StartupError(`${logicalId}: there is no function ${endpoint}`)
      if (!permitsInvocation('sns.amazonaws.com', topicArn, endpoint, account)) {
        throw new StartupError(`${logicalId}: no permission lets sns.amazonaws.com call ${endpoint} for ${topicArn}`)
      }
      return deliveries.subscribe({ ...request, receiver: { kind: 'function', subscriptionArn: arn, pool } })
    }
    default:
      throw new StartupError(`${logicalId}: the local runner does not know subscriptions by ${protocol}`)
  }
}

/** AWS drops messages that the queue's policy does not let the topic send. */
async function checkQueue(
  logicalId: string,
  { topicArn, endpoint }: SubscriptionRequest,
  { stack, access }: EmulatedAccount,
) {
  if (!stack.of('AWS::SQS::Queue').some(({ identity }) => identity.attributes.Arn === endpoint)) {
    throw new StartupError(`${logicalId}: there is no queue ${endpoint}`)
  }
  if (await access.allowsService('sns.amazonaws.com', topicArn, 'sqs:SendMessage', endpoint)) return
  throw new StartupError(`${logicalId}: no policy of ${endpoint} lets sns.amazonaws.com send to it for ${topicArn}`)
}
