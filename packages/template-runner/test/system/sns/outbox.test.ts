import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { runFixture } from '../run-fixture.ts'

const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'
const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts', DisplayName: 'Long display name' } }
const subscription = (Protocol: string, Endpoint: string, properties: object = {}) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'Alerts' }, Protocol, Endpoint, ...properties },
})
const recipients = {
  Mail: subscription('email', 'ops@example.org'),
  Json: subscription('email-json', 'robot@example.org'),
  Text: subscription('sms', '+8613800138000'),
  Urgent: subscription('sms', '+8613800138001', { FilterPolicy: { kind: ['urgent'] } }),
}

async function runTopic(resources: Readonly<Record<string, object>> = recipients) {
  const run = await runFixture({ resources: { Alerts: topic, ...resources } })
  const { awsEndpointUrl: endpoint, region } = run
  const sns = new SNSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
  const publish = (input: Partial<PublishCommandInput>) =>
    sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'hello', ...input }))
  return { run, publish }
}
const urgent = { MessageAttributes: { kind: { DataType: 'String', StringValue: 'urgent' } } }
const texts = { default: '{}', email: '端口\n第二行\n', sms: '端口不通' }

describe('the outbox of the runner', () => {
  it('contains what each recipient would have received, by protocol and filter policy', async () => {
    const { run, publish } = await runTopic()
    const MessageStructure = 'json'
    const { MessageId } = await publish({ Subject: 'S', MessageStructure, Message: JSON.stringify(texts) })
    expect(run.outbox).toEqual([
      expect.objectContaining({
        protocol: 'email',
        endpoint: 'ops@example.org',
        subject: 'S',
        text: texts.email,
        messageId: MessageId,
        topicArn,
      }),
      expect.objectContaining({
        protocol: 'email-json',
        subject: 'S',
        text: expect.stringContaining('"Message":"{}"'),
      }),
      expect.objectContaining({
        protocol: 'sms',
        endpoint: '+8613800138000',
        subject: undefined,
        text: 'LONG DISPL> 端口不通',
      }),
    ])
    await publish({ Message: 'plain', ...urgent })
    expect(run.outbox.slice(3)).toEqual([
      expect.objectContaining({ protocol: 'email', subject: 'AWS Notification Message', text: 'plain' }),
      expect.objectContaining({ protocol: 'email-json' }),
      expect.objectContaining({ endpoint: '+8613800138000', text: 'LONG DISPL> plain' }),
      expect.objectContaining({ endpoint: '+8613800138001', text: 'LONG DISPL> plain' }),
    ])
  })

  it('logs its messages with control characters escaped', async () => {
    const { run, publish } = await runTopic()
    const withControlCharacters = { ...texts, email: 'one\u001b[2J\ttwo\nthree\u202e\n'.replace('\u001b', '\u009b') }
    await publish({ Subject: 'S', MessageStructure: 'json', Message: JSON.stringify(withControlCharacters) })
    expect(run.lines).toContain('E-MAIL to ops@example.org: S')
    expect(run.lines).toContain('  | one\\u{009b}[2J\\u{0009}two')
    expect(run.lines).toContain('  | three\\u{202e}')
    expect(run.lines.filter((line) => line.startsWith('NO RECIPIENT'))).toEqual([])
    expect(run.lines).toContain('SMS to +8613800138000: LONG DISPL> 端口不通 (16 characters)')
  })

  it('logs a message that has a subject if no person is subscribed', async () => {
    const { run, publish } = await runTopic({})
    await publish({ Subject: 'Port down' })
    await publish({ Message: 'for programs' })
    const lines = run.lines.filter((line) => line.startsWith('NO RECIPIENT'))
    expect(lines).toEqual(['NO RECIPIENT: topic alerts has no e-mail or SMS subscription for "Port down"'])
    expect(run.outbox).toEqual([])
  })

  it('keeps the last thousand messages', async () => {
    const { run, publish } = await runTopic({ Mail: recipients.Mail })
    for (let serial = 0; serial < 1005; serial++) await publish({ Message: `${serial}` })
    expect(run.outbox).toHaveLength(1000)
    expect(run.outbox[0]?.text).toBe('5')
  })
})
