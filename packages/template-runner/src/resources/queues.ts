import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { callService, createAdminCall } from '../endpoint/aws-call.ts'
import type { Resource } from '../template/resource.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const integer = z.coerce.number().int()

const queueSchema = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: integer.default(30),
  MessageRetentionPeriod: integer.optional(),
  ReceiveMessageWaitTimeSeconds: integer.optional(),
  DelaySeconds: integer.optional(),
  MaximumMessageSize: integer.optional(),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().min(1) })
    .optional(),
  // Redrive permissions and encryption at rest are not emulated.
  RedriveAllowPolicy: unused,
  SqsManagedSseEnabled: unused,
  KmsMasterKeyId: unused,
  KmsDataKeyReusePeriodSeconds: unused,
  Tags: unused,
})

export const queue: ResourceKind = {
  type: 'AWS::SQS::Queue',
  identify({ logicalId, text }, { stackName, region, accountId, awsEndpointUrl }) {
    const name = text('QueueName') ?? physicalName(stackName, logicalId, 80)
    const url = `${awsEndpointUrl}/${accountId}/${name}`
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } }
  },
  async create(resources, account) {
    for (const resource of resources) await createQueue(resource, account)
  },
}

async function createQueue(resource: Resource, { messaging, target, settings }: EmulatedAccount): Promise<void> {
  const properties = readProperties(queueSchema, resource)
  const attributes = {
    VisibilityTimeout: settings.visibilityTimeoutSeconds ?? properties.VisibilityTimeout,
    MessageRetentionPeriod: properties.MessageRetentionPeriod,
    ReceiveMessageWaitTimeSeconds: properties.ReceiveMessageWaitTimeSeconds,
    DelaySeconds: properties.DelaySeconds,
    MaximumMessageSize: properties.MaximumMessageSize,
    RedrivePolicy: properties.RedrivePolicy && JSON.stringify(properties.RedrivePolicy),
  }
  const defined = Object.entries(attributes).filter(([, value]) => value !== undefined)
  await callService(
    messaging.sqs,
    createAdminCall('sqs', 'CreateQueue', target.region, {
      QueueName: resource.identity.attributes.QueueName,
      Attributes: Object.fromEntries(defined.map(([name, value]) => [name, String(value)])),
    }),
  )
}

const policySchema = z.strictObject({
  PolicyDocument: z.object({ Statement: z.array(z.unknown()) }).loose(),
  Queues: z.array(z.string()),
})

export const queuePolicy: ResourceKind = {
  type: 'AWS::SQS::QueuePolicy',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { Id: logicalId } }),
  create(resources, { access, stack }) {
    for (const resource of resources) {
      const { PolicyDocument, Queues } = readProperties(policySchema, resource)
      for (const url of Queues) {
        const arn = stack.of('AWS::SQS::Queue').find(({ identity }) => identity.ref === url)?.identity.attributes.Arn
        if (arn !== undefined) access.addResourceStatements(arn, PolicyDocument.Statement)
      }
    }
  },
}
