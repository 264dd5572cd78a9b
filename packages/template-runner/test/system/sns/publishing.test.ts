import {
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SNSServiceException,
} from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { subscribeQueue } from '../../support/subscribe-queue.ts'
import { type FixtureRun, runFixture } from '../run-fixture.ts'

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } }
const TopicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'

function createClient({ awsEndpointUrl: endpoint, region }: FixtureRun): SNSClient {
  return new SNSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
}

async function runTopic() {
  const run = await runFixture({ resources: { Alerts: topic } })
  const sns = createClient(run)
  return {
    run,
    sns,
    publish: (input: Partial<PublishCommandInput>) =>
      sns.send(new PublishCommand({ TopicArn, Message: '{}', ...input })),
  }
}

describe('a message with MessageStructure json', () => {
  it('is delivered to queues with the text for sqs or the default text, also in a batch', async () => {
    const { run, sns, publish } = await runTopic()
    const receive = await subscribeQueue(run, TopicArn)
    const structured = (texts: object) => ({ MessageStructure: 'json', Message: JSON.stringify(texts) })
    await publish(structured({ default: '{"for":"all"}', sms: 'x' }))
    await publish(structured({ default: '{"for":"all"}', sqs: '{"for":"queues"}' }))
    await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [{ Id: 'a', ...structured({ default: '{"for":"batch"}', email: 'x' }) }],
      }),
    )
    expect((await receive()).map(({ payload }) => payload.for)).toEqual(['all', 'queues', 'batch'])
  })

  it('loses its attributes, so that filter policies do not see them, also in a batch', async () => {
    const { run, sns, publish } = await runTopic()
    const receiveAll = await subscribeQueue(run, TopicArn)
    const receiveFiltered = await subscribeQueue(run, TopicArn, { kind: ['a'] })
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'a' } }
    const structured = (id: string) => ({
      MessageStructure: 'json',
      Message: JSON.stringify({ default: JSON.stringify({ id }) }),
      MessageAttributes,
    })
    await publish(structured('single'))
    const PublishBatchRequestEntries = [
      { Id: 'a', ...structured('batch') },
      { Id: 'b', Message: '{"id":"plain"}', MessageAttributes },
    ]
    await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    expect((await receiveAll()).map(({ payload, attributes }) => [payload.id, attributes])).toEqual([
      ['single', {}],
      ['batch', {}],
      ['plain', { kind: 'a' }],
    ])
    expect((await receiveFiltered()).map(({ payload }) => payload.id)).toEqual(['plain'])
  })
})

describe('a filter policy', () => {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue })

  it.each([
    [{ kind: ['a'] }, ['a1']],
    [{ kind: [{ 'anything-but': ['a'] }] }, ['b1']],
    [{ kind: [{ prefix: 'b' }] }, ['b1']],
    [{ kind: [{ exists: false }] }, ['none']],
    [{ kind: ['a', 'b'], room: ['r'] }, ['b1']],
  ])('selects messages by their attributes: %j', async (policy, expected) => {
    const { run, publish } = await runTopic()
    const receive = await subscribeQueue(run, TopicArn, policy)
    await publish({ Message: '{"id":"a1"}', MessageAttributes: { kind: attribute('a') } })
    await publish({ Message: '{"id":"b1"}', MessageAttributes: { kind: attribute('b'), room: attribute('r') } })
    await publish({ Message: '{"id":"none"}', MessageAttributes: { other: attribute('x') } })
    expect((await receive()).map(({ payload }) => payload.id)).toEqual(expected)
  })
})

describe('the emulated SNS', () => {
  const attribute = (StringValue: string) => ({ MessageAttributes: { kind: { DataType: 'String', StringValue } } })

  it.each<[string, Partial<PublishCommandInput>]>([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
    ['a subject that is not ASCII', { Subject: '端口' }],
    ['a subject on two lines', { Subject: 'a\nb' }],
    ['a subject that starts with a space', { Subject: ' a' }],
    ['a message structure that is not JSON', { MessageStructure: 'json', Message: 'oops' }],
    ['a message structure without a default text', { MessageStructure: 'json', Message: '{"email":"x"}' }],
    ['a default text that is not a string', { MessageStructure: 'json', Message: '{"default":1}' }],
    ['a character that XML does not allow', { Message: 'a\u0001b' }],
    ['an attribute with a character that XML does not allow', attribute('a\u0001b')],
    ['an attribute without a value', attribute('')],
    ['a message of more than 256 KiB', { Message: 'x'.repeat(262_145) }],
    [
      'a message whose texts together exceed 256 KiB',
      { MessageStructure: 'json', Message: JSON.stringify({ default: '{}', email: 'x'.repeat(262_144) }) },
    ],
    ['a message that exceeds 256 KiB with its attributes', { Message: 'x'.repeat(262_140), ...attribute('abcdef') }],
  ])('rejects %s', async (_, input) => {
    const { run, publish } = await runTopic()
    const receive = await subscribeQueue(run, TopicArn)
    await expect(publish(input)).rejects.toMatchObject({
      name: expect.stringMatching(/^InvalidParameter/),
      $metadata: { httpStatusCode: 400 },
    })
    expect(await receive()).toEqual([])
  })

  it('rejects only the invalid entries of a batch', async () => {
    const { run, sns } = await runTopic()
    const receive = await subscribeQueue(run, TopicArn)
    const entries = [
      { Id: 'good', Message: '{"id":"good"}' },
      { Id: 'bad', Message: 'a\u0001b' },
    ]
    const batch = (PublishBatchRequestEntries: typeof entries) =>
      sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    expect(await batch(entries)).toMatchObject({
      Successful: [{ Id: 'good', MessageId: expect.any(String) }],
      Failed: [{ Id: 'bad', Code: 'InvalidParameter', SenderFault: true }],
    })
    expect(await batch(entries.slice(1))).toMatchObject({ Failed: [{ Id: 'bad' }] })
    expect((await receive()).map(({ payload }) => payload.id)).toEqual(['good'])
  })

  it('rejects a batch whose messages together exceed 256 KiB', async () => {
    const { sns } = await runTopic()
    const PublishBatchRequestEntries = ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(140_000) }))
    const response = sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    await expect(response).rejects.toThrow(SNSServiceException)
    await expect(response).rejects.toMatchObject({ name: expect.stringMatching(/^BatchRequestTooLong/) })
  })

  it('accepts a message at the limits', async () => {
    const { publish } = await runTopic()
    expect(await publish({ Subject: '[Alert] a'.padEnd(99, '~'), Message: 'x'.repeat(262_144) })).toHaveProperty(
      'MessageId',
    )
  })
})
