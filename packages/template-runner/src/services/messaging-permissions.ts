import { accountId } from '../deployment-target.ts'
import type { AwsCall, Permission } from '../endpoint/aws-call.ts'

/** A batch needs the permission of the single action. */
export function sqsPermissions({ action, input, region }: AwsCall): readonly Permission[] {
  const name = typeof input.QueueUrl === 'string' ? input.QueueUrl.split('/').at(-1) : input.QueueName
  const resource = typeof name === 'string' ? `arn:aws:sqs:${region}:${accountId}:${name}` : '*'
  return [{ action: `sqs:${action.replace(/Batch$/, '')}`, resource }]
}

/** @param topicKeys KMS keys of encrypted topics: SNS uses them in the name of who publishes. */
export function snsPermissions(
  { action, input, region }: AwsCall,
  topicKeys: ReadonlyMap<string, string>,
): readonly Permission[] {
  const named = input.TopicArn ?? input.TargetArn ?? input.SubscriptionArn ?? input.ResourceArn
  const topic = typeof named === 'string' ? named.split(':').slice(0, 6).join(':') : undefined
  const created = typeof input.Name === 'string' ? `arn:aws:sns:${region}:${accountId}:${input.Name}` : '*'
  const single = action.replace(/Batch$/, '')
  const key = single === 'Publish' && topic !== undefined ? topicKeys.get(topic) : undefined
  return [
    { action: `sns:${single}`, resource: topic ?? created },
    ...(key === undefined
      ? []
      : ['kms:GenerateDataKey', 'kms:Decrypt'].map((used) => ({ action: used, resource: key }))),
  ]
}
