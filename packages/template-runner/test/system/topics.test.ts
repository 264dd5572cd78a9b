import { describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts', DisplayName: 'Alerts' } }
const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'

/** A function that publishes by the query protocol, like the SDK. */
const code = `export const handler = async ({ body }) => {
  const scope = process.env.AWS_ACCESS_KEY_ID + '/20250101/' + process.env.AWS_REGION + '/sns/aws4_request'
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0',
    },
    body,
  })
  return { statusCode: response.status, body: await response.text() }
}`

async function runPublisher(resources: Readonly<Record<string, object>>, ...allow: object[]) {
  const run = await runFixture({
    functions: { Publisher: { code, allow } },
    routes: { 'POST /': 'Publisher' },
    resources: { Alerts: topic, ...resources },
    outputs: { Arn: { Ref: 'Alerts' }, Name: { 'Fn::GetAtt': ['Alerts', 'TopicName'] } },
  })
  const call = async (input: Record<string, string>) => {
    const body = String(new URLSearchParams({ Version: '2010-03-31', TopicArn: topicArn, ...input }))
    const headers = { 'content-type': 'text/plain' }
    const response = await fetch(run.url, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }
  return { run, call }
}

const publishStatement = { Effect: 'Allow', Action: 'sns:Publish', Resource: topicArn }
const batch = {
  Action: 'PublishBatch',
  'PublishBatchRequestEntries.member.1.Id': '1',
  'PublishBatchRequestEntries.member.1.Message': 'hello',
}

describe('a topic', () => {
  it('accepts single messages and batches from a function that may publish', async () => {
    const { run, call } = await runPublisher({}, publishStatement)
    expect(run.outputs).toMatchObject({ Arn: topicArn, Name: 'alerts' })
    const single = await call({ Action: 'Publish', Message: 'hello' })
    expect(single).toEqual({ status: 200, text: expect.stringContaining('<MessageId>') })
    expect(await call(batch)).toEqual({ status: 200, text: expect.stringContaining('<Successful>') })
    expect(run.calls()).toMatchObject([{ action: 'sns:Publish', resource: topicArn, count: 2 }])
  })

  it('rejects messages from a function that may not publish', async () => {
    const { run, call } = await runPublisher({}, { ...publishStatement, Resource: `${topicArn}-other` })
    for (const input of [{ Action: 'Publish', Message: 'hello' }, batch]) {
      expect(await call(input)).toEqual({ status: 403, text: expect.stringContaining('AuthorizationError') })
    }
    expect(run.denials).toMatchObject([
      { action: 'sns:Publish', resource: topicArn },
      { action: 'sns:Publish', resource: topicArn },
    ])
  })

  it.each([
    [
      'allows calls if its policy denies only calls without TLS',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      200,
    ],
    ['rejects calls if its policy denies all', {}, 403],
  ])('%s', async (_, condition, status) => {
    const statement = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: { Ref: 'Alerts' } }
    const Properties = {
      PolicyDocument: { Version: '2012-10-17', Statement: [{ ...statement, ...condition }] },
      Topics: [{ Ref: 'Alerts' }],
    }
    const { call } = await runPublisher({ Policy: { Type: 'AWS::SNS::TopicPolicy', Properties } }, publishStatement)
    expect((await call({ Action: 'Publish', Message: 'hello' })).status).toBe(status)
  })

  it.each([
    ['ArchivePolicy', {}],
    ['FifoTopic', true],
  ])('fails the start with the unsupported property %s', async (name, value) => {
    const unsupported = { Type: 'AWS::SNS::Topic', Properties: { [name]: value } }
    await expect(runFixture({ resources: { Unsupported: unsupported } })).rejects.toThrow(name)
  })
})

describe('a subscription', () => {
  const subscription = (Protocol: string, Endpoint: string, properties: object = {}) => ({
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Alerts' }, Protocol, Endpoint, ...properties },
  })

  it('is listed by the run if its protocol is e-mail or SMS', async () => {
    const FilterPolicy = { kind: ['disk_full'] }
    const inline = { ...topic.Properties, Subscription: [{ Protocol: 'email', Endpoint: 'first@example.org' }] }
    const run = await runFixture({
      resources: {
        Alerts: { ...topic, Properties: inline },
        Mail: subscription('email', 'ops@example.org', { FilterPolicy }),
        Text: subscription('sms', '+8613800138000'),
      },
    })
    expect(run.subscriptions).toEqual([
      { topicArn, protocol: 'email', endpoint: 'first@example.org' },
      { topicArn, protocol: 'email', endpoint: 'ops@example.org', filterPolicy: FilterPolicy },
      { topicArn, protocol: 'sms', endpoint: '+8613800138000' },
    ])
  })

  it.each([
    [subscription('https', 'https://example.org'), 'does not know subscriptions by https'],
    [subscription('email', 'a@example.org', { TopicArn: 'arn:aws:sns:us-east-1:1:none' }), 'there is no topic'],
  ])('fails the start if it cannot be emulated: %j', async (unsupported, reason) => {
    await expect(runFixture({ resources: { Alerts: topic, Unsupported: unsupported } })).rejects.toThrow(reason)
  })
})
