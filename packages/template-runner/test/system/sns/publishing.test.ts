import {
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SNSServiceException,
} from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { subscribedQueue } from '../../../../../test/support/subscribed-queue.ts'
import { type FixtureRun, runFixture } from '../run-fixture.ts'

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } }
const TopicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'

function client({ awsEndpointUrl: endpoint, region }: FixtureRun): SNSClient {
  return new SNSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
}

async function begin() {
  const run = await runFixture({ resources: { Alerts: topic } })
  const sns = client(run)
  return {
    run,
    sns,
    publish: (input: Partial<PublishCommandInput>) =>
      sns.send(new PublishCommand({ TopicArn, Message: '{}', ...input })),
  }
}

describe('what is published with MessageStructure json', () => {
  it('gives queues the text for sqs, or else the default one; also in a batch', async () => {
    const { run, sns, publish } = await begin()
    const got = await subscribedQueue(run, TopicArn)
    const structured = (texts: object) => ({ MessageStructure: 'json', Message: JSON.stringify(texts) })
    await publish(structured({ default: '{"for":"all"}', sms: 'x' }))
    await publish(structured({ default: '{"for":"all"}', sqs: '{"for":"queues"}' }))
    await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [{ Id: 'a', ...structured({ default: '{"for":"batch"}', email: 'x' }) }],
      }),
    )
    expect((await got()).map(({ payload }) => payload.for)).toEqual(['all', 'queues', 'batch'])
  })
})

describe('filter policies', () => {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue })

  it.each([
    [{ kind: ['a'] }, ['a1']],
    [{ kind: [{ 'anything-but': ['a'] }] }, ['b1']],
    [{ kind: [{ prefix: 'b' }] }, ['b1']],
    [{ kind: [{ exists: false }] }, ['none']],
    [{ kind: ['a', 'b'], room: ['r'] }, ['b1']],
  ])('decide by the attributes who gets what: %j', async (policy, expected) => {
    const { run, publish } = await begin()
    const got = await subscribedQueue(run, TopicArn, policy)
    await publish({ Message: '{"id":"a1"}', MessageAttributes: { kind: attribute('a') } })
    await publish({ Message: '{"id":"b1"}', MessageAttributes: { kind: attribute('b'), room: attribute('r') } })
    await publish({ Message: '{"id":"none"}', MessageAttributes: { other: attribute('x') } })
    expect((await got()).map(({ payload }) => payload.id)).toEqual(expected)
  })
})

describe('SNS refuses', () => {
  const value = (StringValue: string) => ({ MessageAttributes: { kind: { DataType: 'String', StringValue } } })

  it.each<[string, Partial<PublishCommandInput>]>([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
    ['a subject that is not ASCII', { Subject: '端口' }],
    ['a subject on two lines', { Subject: 'a\nb' }],
    ['a subject that begins with a blank', { Subject: ' a' }],
    ['a structure that is no JSON', { MessageStructure: 'json', Message: 'oops' }],
    ['a structure without a default', { MessageStructure: 'json', Message: '{"email":"x"}' }],
    ['a default that is no text', { MessageStructure: 'json', Message: '{"default":1}' }],
    ['a character that XML does not know', { Message: 'a\u0001b' }],
    ['such a character in an attribute', value('a\u0001b')],
    ['an attribute without a value', value('')],
    ['a message of more than 256 KB', { Message: 'x'.repeat(262_145) }],
    [
      'a message of more than 256 KB in all its texts',
      { MessageStructure: 'json', Message: JSON.stringify({ default: '{}', email: 'x'.repeat(262_144) }) },
    ],
    ['a message that is too large with its attributes', { Message: 'x'.repeat(262_140), ...value('abcdef') }],
  ])('%s', async (_, input) => {
    const { run, publish } = await begin()
    const got = await subscribedQueue(run, TopicArn)
    await expect(publish(input)).rejects.toMatchObject({
      name: expect.stringMatching(/^InvalidParameter/),
      $metadata: { httpStatusCode: 400 },
    })
    expect(await got()).toEqual([])
  })

  it('the wrong entries of a batch, and takes the others', async () => {
    const { run, sns } = await begin()
    const got = await subscribedQueue(run, TopicArn)
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
    expect((await got()).map(({ payload }) => payload.id)).toEqual(['good'])
  })

  it('a batch of more than 256 KB in all', async () => {
    const { sns } = await begin()
    const PublishBatchRequestEntries = ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(140_000) }))
    const refused = sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    await expect(refused).rejects.toThrow(SNSServiceException)
    await expect(refused).rejects.toMatchObject({ name: expect.stringMatching(/^BatchRequestTooLong/) })
  })

  it('nothing that holds its limits', async () => {
    const { publish } = await begin()
    expect(await publish({ Subject: '[AVD] a'.padEnd(99, '~'), Message: 'x'.repeat(262_144) })).toHaveProperty(
      'MessageId',
    )
  })
})
