import { describe, expect, it } from 'vitest'
import { subscribedQueue } from '../../../../../test/support/subscribed-queue.ts'
import type { FixtureStack } from '../fixture-stack.ts'
import { callAws, runFixture } from '../run-fixture.ts'

const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'
const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } }
const alarm = (more: object) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: 'trouble',
    AlarmDescription: '影响: 有\nImpact: some',
    AlarmActions: [{ Ref: 'Alerts' }],
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Threshold: 1,
    Period: 60,
    Statistic: 'Sum',
    TreatMissingData: 'notBreaching',
    ...more,
  },
})
const emf = `console.log(JSON.stringify({
  _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Own', Dimensions: [['service']], Metrics: [{ Name: 'm' }] }] },
  service: 's', m: 2,
}))`
const code = `export const handler = async ({ rawPath }) => {
  if (rawPath === '/throw') throw new Error('on purpose')
  if (rawPath === '/emf') ${emf}
  return { statusCode: rawPath === '/503' ? 503 : 200 }
}`
const of = (Namespace: string, MetricName: string, ...pairs: [Name: string, Value: unknown][]) => ({
  Namespace,
  MetricName,
  Dimensions: pairs.map(([Name, Value]) => ({ Name, Value })),
})
const stack = (...alarms: object[]): FixtureStack => ({
  functions: { F: { code } },
  routes: { 'GET /{proxy+}': 'F' },
  resources: {
    Alerts: topic,
    Inbox: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } },
    ...Object.fromEntries(alarms.map((one, index) => [`Alarm${index}`, one])),
  },
})
const state = (run: Awaited<ReturnType<typeof runFixture>>) => run.alarms().map((one) => one.state)
const ofQueue = (metric: string) => of('AWS/SQS', metric, ['QueueName', { 'Fn::GetAtt': ['Inbox', 'QueueName'] }])

describe('an alarm of the template', () => {
  it.each([
    ['errors of a function', of('AWS/Lambda', 'Errors', ['FunctionName', { Ref: 'F' }]), '/throw'],
    ['invocations of a function', of('AWS/Lambda', 'Invocations', ['FunctionName', { Ref: 'F' }]), '/ok'],
    ['errors of the API', of('AWS/ApiGateway', '5xx', ['ApiId', { Ref: 'Api' }]), '/503'],
    ['requests to the API', of('AWS/ApiGateway', 'Count', ['ApiId', { Ref: 'Api' }]), '/ok'],
    ['figures that a function writes', of('Own', 'm', ['service', 's']), '/emf'],
  ])('watches %s', async (_, metric, path) => {
    const run = await runFixture(stack(alarm(metric)))
    await run.evaluateAlarms()
    expect(state(run)).toEqual(['OK'])
    await fetch(`${run.url}${path}`)
    await expect.poll(async () => run.evaluateAlarms().then(() => state(run))).toEqual(['ALARM'])
  })

  it('watches messages that wait, and for how long', async () => {
    const more = { Statistic: 'Maximum' }
    const run = await runFixture(
      stack(
        alarm({ ...ofQueue('ApproximateNumberOfMessagesVisible'), ...more }),
        alarm({ ...ofQueue('ApproximateAgeOfOldestMessage'), ...more, AlarmName: 'old', Threshold: 0.2 }),
      ),
    )
    await run.evaluateAlarms()
    expect(state(run)).toEqual(['OK', 'OK'])
    const QueueUrl = `${run.awsEndpointUrl}/000000000000/inbox`
    await callAws(run, 'sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'x' })
    await run.evaluateAlarms()
    expect(state(run)).toEqual(['ALARM', 'OK'])
    await new Promise((resolve) => setTimeout(resolve, 250))
    await run.evaluateAlarms()
    expect(state(run)).toEqual(['ALARM', 'ALARM'])
  })

  it('tells its topic once while it stays, in the form of CloudWatch, and prints what it means', async () => {
    const metric = of('AWS/Lambda', 'Errors', ['FunctionName', { Ref: 'F' }])
    const run = await runFixture(stack(alarm(metric)))
    const got = await subscribedQueue(run, topicArn)
    await fetch(`${run.url}/throw`)
    await run.evaluateAlarms()
    await fetch(`${run.url}/throw`)
    await run.evaluateAlarms()
    expect(await got()).toMatchObject([
      {
        subject: 'ALARM: "trouble" in US East (N. Virginia)',
        payload: { AlarmName: 'trouble', NewStateValue: 'ALARM', AlarmDescription: '影响: 有\nImpact: some' },
      },
    ])
    expect(run.lines.filter((line) => /^(ALARM|OK) |^ {2}\| /.test(line))).toEqual([
      'ALARM trouble: 1 of 1 periods [1] >= 1',
      '  | 影响: 有',
      '  | Impact: some',
    ])
  })

  it('may watch a sum, where what is missing counts as told', async () => {
    const stat = (Id: string, service: string) => ({
      Id,
      MetricStat: { Metric: of('Own', 'm', ['service', service]), Period: 60, Stat: 'Sum' },
      ReturnData: false,
    })
    const Metrics = [{ Id: 'sum', Expression: 'FILL(a, 0) + FILL(b, 0)' }, stat('a', 's'), stat('b', 'never')]
    const { Period: _, Statistic: __, ...rest } = alarm({}).Properties as Record<string, unknown>
    const run = await runFixture(
      stack({ Type: 'AWS::CloudWatch::Alarm', Properties: { ...rest, Threshold: 2, Metrics } }),
    )
    await fetch(`${run.url}/emf`)
    await expect.poll(async () => run.evaluateAlarms().then(() => state(run))).toEqual(['ALARM'])
  })
})

describe('the start fails, and says why, for an alarm', () => {
  const errors = of('AWS/Lambda', 'Errors', ['FunctionName', 'F'])
  const policy = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Alerts' }],
      PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Subscribe', Resource: topicArn }] },
    },
  }

  it.each([
    [
      'on a figure that nobody has here',
      stack(alarm(of('AWS/Lambda', 'IteratorAge'))),
      'no figure IteratorAge of AWS/Lambda',
    ],
    ['with an unknown statistic', stack(alarm({ ...errors, Statistic: 'tm99' })), 'does not know tm99'],
    ['on nothing', stack(alarm({})), 'watches nothing'],
    ['with an unknown property', stack(alarm({ ...errors, Wild: 1 })), 'Wild'],
    ['with another expression', stack(alarm({ Metrics: [{ Id: 'e', Expression: 'ANOMALY(m)' }] })), 'not ANOMALY(m)'],
    [
      'that tells nobody there is',
      stack(alarm({ ...errors, AlarmActions: ['arn:none'] })),
      'there is no topic arn:none',
    ],
    [
      'whose topic does not take it',
      { ...stack(alarm(errors)), resources: { ...stack(alarm(errors)).resources, policy } },
      'no policy of',
    ],
  ])('%s', async (_, wrong, reason) => {
    await expect(runFixture(wrong)).rejects.toThrow(reason)
  })

  it.each(['oops', '{}', '{"widgets":5}'])('as for a dashboard that is none: %s', async (DashboardBody) => {
    const resources = { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } }
    await expect(runFixture({ resources })).rejects.toThrow('DashboardBody is no dashboard')
  })
})
