import { describe, expect, it } from 'vitest'
import type { RunnerOptions } from '../../src/index.ts'
import type { FixtureStack } from './fixture-stack.ts'
import { callAws, type FixtureRun, runFixture } from './run-fixture.ts'

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:events'

const queues: FixtureStack['resources'] = {
  Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: 'events',
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 1 },
    },
  },
}

const runQueues = (options: Partial<RunnerOptions> = {}, stack: FixtureStack = {}) =>
  runFixture({ ...stack, resources: { ...queues, ...stack.resources } }, options)

const callQueue = (run: FixtureRun, action: string, input: object, queue = 'events') =>
  callAws(run, 'sqs', `AmazonSQS.${action}`, { QueueUrl: `${run.awsEndpointUrl}/000000000000/${queue}`, ...input })

/** Sends messages of one group, whose bodies are the group and a number. */
async function sendGroup(run: FixtureRun, group: string | undefined, count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, index) => `${group}-${index}`)
  for (let start = 0; start < count; start += 10) {
    const Entries = bodies
      .slice(start, start + 10)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody, MessageGroupId: group }))
    await callQueue(run, 'SendMessageBatch', { Entries })
  }
}

type Received = { Body: string; ReceiptHandle: string; Attributes?: Record<string, string> }

async function receive(run: FixtureRun, count = 10, input: object = {}, queue = 'events'): Promise<Received[]> {
  const { body } = await callQueue(run, 'ReceiveMessage', { MaxNumberOfMessages: count, ...input }, queue)
  return Array.isArray(body.Messages) ? body.Messages : []
}

const bodiesOf = (messages: readonly Received[]) => messages.map(({ Body }) => Body)

/** Leaves 30 messages of a group in flight and some waiting, so that the group is noisy if it is detected at once. */
async function makeNoisy(run: FixtureRun, group = 'noisy'): Promise<void> {
  await sendGroup(run, group, 40)
  for (let batch = 0; batch < 3; batch++) await receive(run)
}

describe('a queue', () => {
  it('delivers messages of quiet groups and without a group before those of a noisy group', async () => {
    const run = await runQueues({ noisyGroupDetectionSeconds: 0 })
    await makeNoisy(run)
    await sendGroup(run, 'quiet', 2)
    await sendGroup(run, undefined, 1)
    expect(bodiesOf(await receive(run, 5))).toEqual(['quiet-0', 'quiet-1', 'undefined-0', 'noisy-30', 'noisy-31'])
  })

  it('delivers messages of the noisy group with the fewest messages in flight first', async () => {
    const run = await runQueues({ noisyGroupDetectionSeconds: 0 })
    await makeNoisy(run, 'noisy')
    await sendGroup(run, 'noisier', 50)
    for (let batch = 0; batch < 4; batch++) await receive(run)
    expect(bodiesOf(await receive(run, 1))).toEqual(['noisy-30'])
  })

  it('delivers the oldest messages first until a noisy group is detected', async () => {
    const run = await runQueues()
    await makeNoisy(run)
    await sendGroup(run, 'quiet', 2)
    expect(bodiesOf(await receive(run, 2))).toEqual(['noisy-30', 'noisy-31'])
  })

  it('returns the group of a message as the attribute MessageGroupId if asked for it', async () => {
    const run = await runQueues()
    await callQueue(run, 'SendMessage', { MessageBody: 'x', MessageGroupId: 'room-1' })
    await callQueue(run, 'SendMessage', { MessageBody: 'x' })
    const [asked] = await receive(run, 1, { MessageSystemAttributeNames: ['MessageGroupId'] })
    expect(asked?.Attributes).toEqual({ MessageGroupId: 'room-1' })
    const [without] = await receive(run, 1, { MessageSystemAttributeNames: ['All'] })
    expect(without?.Attributes).not.toHaveProperty('MessageGroupId')
  })

  it('keeps the groups of messages with the same body apart', async () => {
    const run = await runQueues()
    const groups = [undefined, 'a', 'b']
    const Entries = groups.map((MessageGroupId, index) => ({ Id: String(index), MessageBody: 'x', MessageGroupId }))
    await callQueue(run, 'SendMessageBatch', { Entries })
    const received = await receive(run, 10, { AttributeNames: ['MessageGroupId'] })
    expect(received.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(groups)
  })

  it('keeps the group of a dead letter', async () => {
    const run = await runQueues()
    await callQueue(run, 'SendMessage', { MessageBody: 'x', MessageGroupId: 'room-1' })
    await receive(run, 1, { VisibilityTimeout: 0 })
    await receive(run)
    const [dead] = await receive(run, 1, { MessageSystemAttributeNames: ['MessageGroupId'] }, 'dead')
    expect(dead?.Attributes).toEqual({ MessageGroupId: 'room-1' })
  })

  it.each(['', 'x'.repeat(129), 'room 1', '房间', 'a\n', 5])('rejects the message group %j', async (MessageGroupId) => {
    const run = await runQueues()
    const single = await callQueue(run, 'SendMessage', { MessageBody: 'x', MessageGroupId })
    expect(single).toMatchObject({ status: 400, body: { __type: expect.stringContaining('InvalidParameterValue') } })
    const Entries = [
      { Id: 'bad', MessageBody: 'x', MessageGroupId },
      { Id: 'good', MessageBody: 'y', MessageGroupId: `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`.padEnd(128, 'aZ9') },
    ]
    const batch = await callQueue(run, 'SendMessageBatch', { Entries })
    expect(batch).toMatchObject({
      status: 200,
      body: {
        Successful: [{ Id: 'good' }],
        Failed: [{ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }],
      },
    })
    const alone = await callQueue(run, 'SendMessageBatch', { Entries: Entries.slice(0, 1) })
    expect(alone.body).toMatchObject({ Successful: [], Failed: [{ Id: 'bad' }] })
    expect(bodiesOf(await receive(run))).toEqual(['y'])
  })
})

describe('an event source mapping of a queue with a noisy group', () => {
  it('passes messages of quiet groups to the function first, with their group', async () => {
    const code = `export const handler = async ({ Records }) => {
      console.log(JSON.stringify(Records.map(({ attributes }) => attributes.MessageGroupId)))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }`
    const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
    const mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: queueArn, FunctionName: { Ref: 'Worker' } },
    }
    const run = await runQueues(
      { noisyGroupDetectionSeconds: 0, logs: 'all' },
      {
        functions: { Worker: { code, allow: [{ Effect: 'Allow', Action: polling, Resource: queueArn }] } },
        resources: { Mapping: mapping },
      },
    )
    await sendGroup(run, 'noisy', 300)
    await sendGroup(run, 'quiet', 5)
    await run.idle()
    const groups = run.lines
      .filter((line) => line.startsWith('Worker: ['))
      .flatMap((line): string[] => JSON.parse(line.slice('Worker: '.length)))
    expect(groups).toHaveLength(305)
    expect(groups.lastIndexOf('quiet')).toBeLessThan(200)
  })
})

describe('an alarm on a queue with a noisy group', () => {
  it.each([
    ['ApproximateNumberOfNoisyGroups', 1],
    ['ApproximateNumberOfMessagesVisible', 12],
    ['ApproximateNumberOfMessagesVisibleInQuietGroups', 2],
    ['ApproximateNumberOfMessagesNotVisible', 31],
    ['ApproximateNumberOfMessagesNotVisibleInQuietGroups', 1],
    ['ApproximateNumberOfMessagesDelayed', 3],
    ['ApproximateNumberOfMessagesDelayedInQuietGroups', 1],
  ])('sees the %s %i', async (MetricName, value) => {
    const run = await runQueues({ noisyGroupDetectionSeconds: 0 }, { resources: { Alarm: alarmOn(MetricName, 0) } })
    await makeNoisy(run)
    await sendGroup(run, 'quiet', 3)
    await receive(run, 1)
    for (const MessageGroupId of ['noisy', 'noisy', 'quiet'])
      await callQueue(run, 'SendMessage', { MessageBody: 'later', MessageGroupId, DelaySeconds: 60 })
    await run.evaluateAlarms()
    expect(run.alarms().map(({ reason }) => reason)).toEqual([`1 of 1 periods [${value}] >= 0`])
  })

  it('sees the age of the oldest message of the quiet groups apart from that of all', async () => {
    const names = ['ApproximateAgeOfOldestMessage', 'ApproximateAgeOfOldestMessageInQuietGroups']
    const alarms = names.map((MetricName) => [MetricName, alarmOn(MetricName, 0.3)])
    const run = await runQueues({ noisyGroupDetectionSeconds: 0 }, { resources: Object.fromEntries(alarms) })
    await makeNoisy(run)
    await new Promise((resolve) => setTimeout(resolve, 350))
    await sendGroup(run, 'quiet', 1)
    await run.evaluateAlarms()
    expect(run.alarms().map(({ state }) => state)).toEqual(['ALARM', 'OK'])
  })
})

function alarmOn(MetricName: string, Threshold: number): object {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: MetricName,
      Namespace: 'AWS/SQS',
      MetricName,
      Dimensions: [{ Name: 'QueueName', Value: 'events' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    },
  }
}
