import { accountId } from '../deployment-target.ts'
import type { AwsCall, RequiredPermission } from '../endpoint/aws-call.ts'
import { parseTaskHandle } from '../sqs/task-handle.ts'

/**
 * Returns the permissions that IAM requires for an SQS call. A batch requires the permission of the single action. A task that moves
 * messages has the permissions of the caller who starts it.
 */
export function sqsPermissions(call: AwsCall): readonly RequiredPermission[] {
  const { action, input, region } = call
  if (action.includes('MessageMoveTask')) return messageMovePermissions(call)
  const name = typeof input.QueueUrl === 'string' ? input.QueueUrl.split('/').at(-1) : input.QueueName
  const resource = typeof name === 'string' ? `arn:aws:sqs:${region}:${accountId}:${name}` : '*'
  return [{ action: `sqs:${action.replace(/Batch$/, '')}`, resource }]
}

/** The source of a task is in its handle once it has been started. A task without a destination may send to any source queue. */
function messageMovePermissions({ action, input }: AwsCall): readonly RequiredPermission[] {
  const source = input.SourceArn ?? parseTaskHandle(input.TaskHandle)?.sourceArn
  const resource = typeof source === 'string' ? source : '*'
  const moving = action === 'ListMessageMoveTasks' ? [] : ['ReceiveMessage', 'DeleteMessage']
  const own = [action, 'GetQueueAttributes', ...moving].map((name) => ({ action: `sqs:${name}`, resource }))
  if (action !== 'StartMessageMoveTask') return own
  const destination = typeof input.DestinationArn === 'string' ? input.DestinationArn : '*'
  return [...own, { action: 'sqs:SendMessage', resource: destination }]
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
