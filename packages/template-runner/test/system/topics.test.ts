import { describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts', DisplayName: 'Alerts' } }
const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'

/** A function that publishes as the SDK does, by the query protocol. */
const code = `export const handler = async ({ body }) => {
  const scope = process.env.AWS_ACCESS_KEY_ID + '/20250101/' + process.env.AWS_REGION + '/sns/aws4_request'
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0',
    },
    body,
  })
  return { statusCode: answer.status, body: await answer.text() }
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
    const answer = await fetch(run.url, { method: 'POST', headers, body })
    return { status: answer.status, text: await answer.text() }
  }
  return { run, call }
}

const publishing = { Effect: 'Allow', Action: 'sns:Publish', Resource: topicArn }
const batch = {
  Action: 'PublishBatch',
  'PublishBatchRequestEntries.member.1.Id': '1',
  'PublishBatchRequestEntries.member.1.Message': 'hello',
}

describe('A topic', () => {
  it('takes what a function may publish, singly and in a batch', async () => {
    const { run, call } = await runPublisher({}, publishing)
    expect(run.outputs).toMatchObject({ Arn: topicArn, Name: 'alerts' })
    const single = await call({ Action: 'Publish', Message: 'hello' })
    expect(single).toEqual({ status: 200, text: expect.stringContaining('<MessageId>') })
    expect(await call(batch)).toEqual({ status: 200, text: expect.stringContaining('<Successful>') })
    expect(run.calls()).toMatchObject([{ action: 'sns:Publish', resource: topicArn, count: 2 }])
  })

  it('refuses what a function may not publish', async () => {
    const { run, call } = await runPublisher({}, { ...publishing, Resource: `${topicArn}-other` })
    for (const input of [{ Action: 'Publish', Message: 'hello' }, batch]) {
      expect(await call(input)).toEqual({ status: 403, text: expect.stringContaining('AuthorizationError') })
    }
    expect(run.denials).toMatchObject([
      { action: 'sns:Publish', resource: topicArn },
      { action: 'sns:Publish', resource: topicArn },
    ])
  })

  it.each([
    ['lets TLS calls pass', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, 200],
    ['refuses all', {}, 403],
  ])('is subject to its policy, which %s', async (_what, condition, status) => {
    const statement = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: { Ref: 'Alerts' } }
    const Properties = {
      PolicyDocument: { Version: '2012-10-17', Statement: [{ ...statement, ...condition }] },
      Topics: [{ Ref: 'Alerts' }],
    }
    const { call } = await runPublisher({ Policy: { Type: 'AWS::SNS::TopicPolicy', Properties } }, publishing)
    expect((await call({ Action: 'Publish', Message: 'hello' })).status).toBe(status)
  })

  it.each([
    ['ArchivePolicy', {}],
    ['FifoTopic', true],
  ])('must not have %s', async (name, value) => {
    const fancy = { Type: 'AWS::SNS::Topic', Properties: { [name]: value } }
    await expect(runFixture({ resources: { Fancy: fancy } })).rejects.toThrow(name)
  })
})

describe('A subscription', () => {
  const subscription = (Protocol: string, Endpoint: string, more: object = {}) => ({
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Alerts' }, Protocol, Endpoint, ...more },
  })

  it('of a person is noted', async () => {
    const FilterPolicy = { kind: ['port_check'] }
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
  ])('must be one that can be played', async (wrong, reason) => {
    await expect(runFixture({ resources: { Alerts: topic, Wrong: wrong } })).rejects.toThrow(reason)
  })
})
