import {
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FixtureStack } from '../fixture-stack.ts'
import { runFixture } from '../run-fixture.ts'

const eventSchema = z.object({ Records: z.array(z.looseObject({ Sns: z.record(z.string(), z.unknown()) })) })

const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:inbox'
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } }
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } }
const subscription = (Protocol: string, Endpoint: unknown, properties: object = {}) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'Alerts' }, Protocol, Endpoint, ...properties },
})
const toQueue = (properties: object = {}) => subscription('sqs', { 'Fn::GetAtt': ['Inbox', 'Arn'] }, properties)
const queuePolicy = (sourceArn: string) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: 'Inbox' }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queueArn,
          Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
        },
      ],
    },
  },
})

/** Stores the events of the topic after a delay, and returns them on a request. */
const code = `const events = []
  export const handler = async (event) => {
    if (event.requestContext) return { statusCode: 200, body: JSON.stringify(events) }
    await new Promise((resolve) => setTimeout(resolve, 100))
    events.push(event)
  }`
const permission = (SourceArn: unknown = { Ref: 'Alerts' }) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { 'Fn::GetAtt': ['Listener', 'Arn'] },
    Principal: 'sns.amazonaws.com',
    SourceArn,
  },
})
const toFunction = (properties: object = {}) =>
  subscription('lambda', { 'Fn::GetAtt': ['Listener', 'Arn'] }, properties)
const listenerStack = (resources: FixtureStack['resources'] = {}): FixtureStack => ({
  functions: { Listener: { code, properties: { ReservedConcurrentExecutions: 1 } } },
  routes: { 'GET /': 'Listener' },
  resources: { Alerts: topic, ...resources },
})

async function runWithPublisher(stack: FixtureStack) {
  const run = await runFixture(stack)
  const client = { endpoint: run.awsEndpointUrl, region: run.region, credentials }
  const sns = new SNSClient(client)
  const publish = (Message: string, kind?: string) =>
    sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message,
        ...(kind && { MessageAttributes: { kind: { DataType: 'String', StringValue: kind } } }),
      }),
    )
  return { run, client, sns, publish }
}

describe('a queue subscribed by the template', () => {
  it.each([
    [false, '"Message":"hello"'],
    [true, 'hello'],
  ])('receives the published messages with RawMessageDelivery %s', async (RawMessageDelivery, body) => {
    const resources = { Alerts: topic, Inbox: queue, Policy: queuePolicy(topicArn) }
    const { client, publish } = await runWithPublisher({
      resources: { ...resources, Sub: toQueue({ RawMessageDelivery, FilterPolicy: { kind: ['wanted'] } }) },
    })
    await publish('hello', 'wanted')
    await publish('no', 'other')
    const QueueUrl = `${client.endpoint}/000000000000/inbox`
    const { Messages = [] } = await new SQSClient(client).send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    )
    expect(Messages.map(({ Body }) => Body)).toEqual([expect.stringContaining(body)])
  })

  it.each([
    ['has no policy', {}, 'no policy of'],
    ['allows another topic only', { Policy: queuePolicy(`${topicArn}-other`) }, 'no policy of'],
  ])('fails the start if it %s', async (_, resources, reason) => {
    await expect(
      runWithPublisher({ resources: { Alerts: topic, Inbox: queue, Sub: toQueue(), ...resources } }),
    ).rejects.toThrow(reason)
  })

  it('fails the start if it does not exist', async () => {
    const resources = { Alerts: topic, Sub: subscription('sqs', queueArn) }
    await expect(runWithPublisher({ resources })).rejects.toThrow('there is no queue')
  })
})

describe('a function subscribed by the template', () => {
  it('is invoked asynchronously, once for each message that matches its filter policy', async () => {
    const FilterPolicy = { kind: ['wanted'] }
    const { run, sns, publish } = await runWithPublisher(
      listenerStack({ Permission: permission(), Sub: toFunction({ FilterPolicy }) }),
    )
    await publish('first', 'wanted')
    await publish('no', 'other')
    const entry = (Id: string) => ({
      Id,
      Message: `batch ${Id}`,
      Subject: 'S',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'wanted' } },
    })
    const PublishBatchRequestEntries = [entry('a'), entry('b')]
    await sns.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }))
    await run.idle()
    const events = z.array(eventSchema).parse(await (await fetch(run.url)).json())
    expect(events.map(({ Records }) => Records[0]?.Sns.Message).sort()).toEqual(['batch a', 'batch b', 'first'])
    const [first] = events.find(({ Records }) => Records[0]?.Sns.Message === 'first')?.Records ?? []
    expect(first).toMatchObject({
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: expect.stringContaining(':Sub'),
      Sns: {
        Type: 'Notification',
        TopicArn: topicArn,
        Subject: null,
        Timestamp: expect.stringMatching(/^\d{4}-/),
        MessageAttributes: { kind: { Type: 'String', Value: 'wanted' } },
      },
    })
  })

  it('receives the text for functions if a message has one', async () => {
    const { run, sns } = await runWithPublisher(listenerStack({ Permission: permission(), Sub: toFunction() }))
    const Message = JSON.stringify({ default: 'for all', lambda: 'for functions' })
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message, MessageStructure: 'json' }))
    await run.idle()
    const events = z.array(eventSchema).parse(await (await fetch(run.url)).json())
    expect(events.map(({ Records }) => Records[0]?.Sns.Message)).toEqual(['for functions'])
  })

  it.each([
    ['is missing', {}],
    ['names another topic', { Permission: permission('arn:aws:sns:us-east-1:000000000000:other') }],
  ])('fails the start if its permission %s', async (_, resources) => {
    await expect(runWithPublisher(listenerStack({ Sub: toFunction(), ...resources }))).rejects.toThrow(
      'no permission lets sns.amazonaws.com call',
    )
  })

  it('fails the start if it does not exist', async () => {
    const resources = { Alerts: topic, Sub: subscription('lambda', 'arn:aws:lambda:us-east-1:0:function:none') }
    await expect(runWithPublisher({ resources })).rejects.toThrow('there is no function')
  })
})

describe('the list of subscriptions of a topic', () => {
  it('has people, queues and functions, and those that have not confirmed', async () => {
    const run = await runFixture({
      functions: { Listener: { code } },
      resources: {
        Alerts: topic,
        Other: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'other' } },
        Inbox: queue,
        Policy: queuePolicy(topicArn),
        Mail: subscription('email', 'ops@example.com'),
        Phone: subscription('sms', '+15550100'),
        Queue: toQueue(),
        Permission: permission(),
        Function: subscription('lambda', { 'Fn::GetAtt': ['Listener', 'Arn'] }),
      },
    })
    const client = new SNSClient({ endpoint: run.awsEndpointUrl, region: 'us-east-1', credentials })
    const subscribed = await client.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'new@example.com' }),
    )
    expect(subscribed.SubscriptionArn).toBe('pending confirmation')
    const list = async (TopicArn: string) =>
      (await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? []
    const listed = (await list(topicArn)).map(({ Protocol, Endpoint, SubscriptionArn }) => [
      Protocol,
      Endpoint,
      SubscriptionArn === 'PendingConfirmation',
    ])
    expect(listed.toSorted()).toEqual([
      ['email', 'new@example.com', true],
      ['email', 'ops@example.com', false],
      ['lambda', expect.stringContaining('Fixture-Listener'), false],
      ['sms', '+15550100', false],
      ['sqs', queueArn, false],
    ])
    expect(await list('arn:aws:sns:us-east-1:000000000000:other')).toEqual([])
    await client.send(new PublishCommand({ TopicArn: topicArn, Message: 'hello' }))
    expect(run.outbox.map(({ endpoint }) => endpoint)).toEqual(['ops@example.com', '+15550100'])
  })
})
