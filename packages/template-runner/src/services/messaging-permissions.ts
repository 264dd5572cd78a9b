import { accountId } from '../deployment-target.ts'
import type { AwsCall, RequiredPermission } from '../endpoint/aws-call.ts'

/** Returns the permission that IAM requires for an SQS call. A batch requires the permission of the single action. */
export function sqsPermissions({ action, input, region }: AwsCall): readonly RequiredPermission[] {
  const name = typeof input.QueueUrl === 'string' ? input.QueueUrl.split('/').at(-1) : input.QueueName
  const resource = typeof name === 'string' ? `arn:aws:sqs:${region}:${accountId}:${name}` : '*'
  return [{ action: `sqs:${action.replace(/Batch$/, '')}`, resource }]
}

/**
 * Returns the permissions that IAM requires for an SNS call.
 *
 * @param topicKeys the KMS key of each encrypted topic. SNS uses the key with the publisher's permissions.
 */
export function snsPermissions(
  { action, input, region }: AwsCall,
  topicKeys: ReadonlyMap<string, string>,
): readonly RequiredPermission[] {
  const arn = input.TopicArn ?? input.TargetArn ?? input.SubscriptionArn ?? input.ResourceArn
  const topic = typeof arn === 'string' ? arn.split(':').slice(0, 6).join(':') : undefined
  const newTopic = typeof input.Name === 'string' ? `arn:aws:sns:${region}:${accountId}:${input.Name}` : '*'
  const singleAction = action.replace(/Batch$/, '')
  const key = singleAction === 'Publish' && topic !== undefined ? topicKeys.get(topic) : undefined
  return [
    { action: `sns:${singleAction}`, resource: topic ?? newTopic },
    ...(key === undefined
      ? []
      : ['kms:GenerateDataKey', 'kms:Decrypt'].map((keyAction) => ({ action: keyAction, resource: key }))),
  ]
}
