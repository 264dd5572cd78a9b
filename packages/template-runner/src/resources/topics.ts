import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { callService, createAdminQuery } from '../endpoint/aws-call.ts'
import type { Resource } from '../template/resource.ts'
import { physicalName, readProperties, unused } from './properties.ts'
import { subscribe } from './subscriptions.ts'

const topicSchema = z.strictObject({
  TopicName: z.string().optional(),
  FifoTopic: z.literal(false, 'the local runner emulates standard topics only').optional(),
  Subscription: z.array(z.strictObject({ Endpoint: z.string(), Protocol: z.string() })).default([]),
  /** The prefix of text messages. */
  DisplayName: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  // Signatures, tracing and delivery logs are not emulated.
  SignatureVersion: unused,
  TracingConfig: unused,
  DeliveryStatusLogging: unused,
  Tags: unused,
})

export const topic: ResourceKind = {
  type: 'AWS::SNS::Topic',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('TopicName') ?? physicalName(stackName, logicalId, 256)
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } }
  },
  async create(resources, account) {
    for (const resource of resources) await createTopic(resource, account)
  },
}

async function createTopic(resource: Resource, account: EmulatedAccount): Promise<void> {
  const { Subscription, DisplayName, KmsMasterKeyId } = readProperties(topicSchema, resource)
  const { ref: topicArn, attributes } = resource.identity
  const { messaging, target, deliveries } = account
  await callService(
    messaging.sns,
    createAdminQuery('sns', 'CreateTopic', target.region, { Name: attributes.TopicName ?? '' }),
  )
  if (KmsMasterKeyId !== undefined) messaging.encryptTopic(topicArn, KmsMasterKeyId)
  if (DisplayName !== undefined) deliveries.outbox.nameTopic(topicArn, DisplayName)
  for (const { Protocol: protocol, Endpoint: endpoint } of Subscription) {
    // No template can refer to the ARN of an inline subscription.
    const arn = `${topicArn}:${resource.logicalId}`
    await subscribe(
      { logicalId: resource.logicalId, arn, rawMessageDelivery: false },
      { topicArn, protocol, endpoint },
      account,
    )
  }
}

const policySchema = z.strictObject({
  PolicyDocument: z.object({ Statement: z.array(z.unknown()) }).loose(),
  Topics: z.array(z.string()),
})

export const topicPolicy: ResourceKind = {
  type: 'AWS::SNS::TopicPolicy',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { Id: logicalId } }),
  create(resources, { access }) {
    for (const resource of resources) {
      const { PolicyDocument, Topics } = readProperties(policySchema, resource)
      for (const arn of Topics) access.addResourceStatements(arn, PolicyDocument.Statement)
    }
  },
}
