import { describe, expect, it } from 'vitest'
import { subscribeQueue } from '../../support/subscribe-queue.ts'
import type { FixtureStack } from '../fixture-stack.ts'
import { callAws, type FixtureRun, runFixture } from '../run-fixture.ts'

const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'
const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } }
const alarm = (properties: object) => ({
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
    ...properties,
  },
})
const emfLine = `console.log(JSON.stringify({
  _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Own', Dimensions: [['service']], Metrics: [{ Name: 'm' }] }] },
  service: 's', m: 2,
}))`
const code = `export const handler = async ({ rawPath }) => {
  if (rawPath === '/throw') throw new Error('on purpose')
  if (rawPath === '/emf') ${emfLine}
  return { statusCode: rawPath === '/503' ? 503 : 200 }
}`
const metricOf = (Namespace: string, MetricName: string, ...pairs: [Name: string, Value: unknown][]) => ({
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
    ...Object.fromEntries(alarms.map((resource, index) => [`Alarm${index}`, resource])),
  },
})
const alarmStates = (run: FixtureRun) => run.alarms().map(({ state }) => state)
const queueMetric = (metric: string) =>
  metricOf('AWS/SQS', metric, ['QueueName', { 'Fn::GetAtt': ['Inbox', 'QueueName'] }])

describe('an alarm of a template', () => {
  it.each([
    ['errors of a function', metricOf('AWS/Lambda', 'Errors', ['FunctionName', { Ref: 'F' }]), '/throw'],
    ['invocations of a function', metricOf('AWS/Lambda', 'Invocations', ['FunctionName', { Ref: 'F' }]), '/ok'],
    ['errors of the API', metricOf('AWS/ApiGateway', '5xx', ['ApiId', { Ref: 'Api' }]), '/503'],
    ['requests to the API', metricOf('AWS/ApiGateway', 'Count', ['ApiId', { Ref: 'Api' }]), '/ok'],
    ['metrics in the log of a function', metricOf('Own', 'm', ['service', 's']), '/emf'],
  ])('watches %s', async (_, metric, path) => {
    const run = await runFixture(stack(alarm(metric)))
    await run.evaluateAlarms()
    expect(alarmStates(run)).toEqual(['OK'])
    await fetch(`${run.url}${path}`)
    await expect
      .poll(async () => run.evaluateAlarms().then(() => alarmStates(run)), { timeout: 15_000 })
      .toEqual(['ALARM'])
  })

  it('watches the number of visible messages and the age of the oldest', async () => {
    const maximum = { Statistic: 'Maximum' }
    const run = await runFixture(
      stack(
        alarm({ ...queueMetric('ApproximateNumberOfMessagesVisible'), ...maximum }),
        alarm({ ...queueMetric('ApproximateAgeOfOldestMessage'), ...maximum, AlarmName: 'old', Threshold: 0.2 }),
      ),
    )
    await run.evaluateAlarms()
    expect(alarmStates(run)).toEqual(['OK', 'OK'])
    const QueueUrl = `${run.awsEndpointUrl}/000000000000/inbox`
    await callAws(run, 'sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'x' })
    await run.evaluateAlarms()
    expect(alarmStates(run)).toEqual(['ALARM', 'OK'])
    await new Promise((resolve) => setTimeout(resolve, 250))
    await run.evaluateAlarms()
    expect(alarmStates(run)).toEqual(['ALARM', 'ALARM'])
  })

  it.each([
    [2, 'ALARM'],
    [3, 'OK'],
  ])('on the age of the oldest message sees a message that was received %i times as %s', async (receives, state) => {
    const age = { ...queueMetric('ApproximateAgeOfOldestMessage'), Statistic: 'Maximum', Threshold: 0.1 }
    const run = await runFixture(stack(alarm(age)))
    const QueueUrl = `${run.awsEndpointUrl}/000000000000/inbox`
    await callAws(run, 'sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'x' })
    for (let receive = 0; receive < receives; receive++)
      await callAws(run, 'sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 })
    await new Promise((resolve) => setTimeout(resolve, 150))
    await run.evaluateAlarms()
    expect(alarmStates(run)).toEqual([state])
  })

  it('notifies its topic once per state change in the format of CloudWatch, and logs its description', async () => {
    const metric = metricOf('AWS/Lambda', 'Errors', ['FunctionName', { Ref: 'F' }])
    const run = await runFixture(stack(alarm(metric)))
    const receive = await subscribeQueue(run, topicArn)
    await fetch(`${run.url}/throw`)
    await run.evaluateAlarms()
    await fetch(`${run.url}/throw`)
    await run.evaluateAlarms()
    expect(await receive()).toMatchObject([
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

  it('notifies the topic of its OK actions when it recovers, and when it is evaluated for the first time', async () => {
    const metric = metricOf('AWS/Lambda', 'Errors', ['FunctionName', { Ref: 'F' }])
    const run = await runFixture(stack(alarm({ ...metric, AlarmActions: [], OKActions: [{ Ref: 'Alerts' }] })))
    const receive = await subscribeQueue(run, topicArn)
    await run.evaluateAlarms()
    await run.setAlarmState('trouble', 'ALARM')
    expect(alarmStates(run)).toEqual(['ALARM'])
    await run.evaluateAlarms()
    expect((await receive()).map(({ payload }) => [payload.OldStateValue, payload.NewStateValue])).toEqual([
      ['INSUFFICIENT_DATA', 'OK'],
      ['ALARM', 'OK'],
    ])
    await expect(run.setAlarmState('other', 'OK')).rejects.toThrow('there is no alarm other')
  })

  it('watches a sum of metrics, with the fill value for missing data', async () => {
    const stat = (Id: string, service: string) => ({
      Id,
      MetricStat: { Metric: metricOf('Own', 'm', ['service', service]), Period: 60, Stat: 'Sum' },
      ReturnData: false,
    })
    const Metrics = [{ Id: 'sum', Expression: 'FILL(a, 0) + FILL(b, 0)' }, stat('a', 's'), stat('b', 'never')]
    const { Period: _, Statistic: __, ...rest } = alarm({}).Properties as Record<string, unknown>
    const run = await runFixture(
      stack({ Type: 'AWS::CloudWatch::Alarm', Properties: { ...rest, Threshold: 2, Metrics } }),
    )
    await fetch(`${run.url}/emf`)
    await expect
      .poll(async () => run.evaluateAlarms().then(() => alarmStates(run)), { timeout: 15_000 })
      .toEqual(['ALARM'])
  })
})

describe('the start fails with a reason for', () => {
  const errors = metricOf('AWS/Lambda', 'Errors', ['FunctionName', 'F'])
  const policy = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Alerts' }],
      PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Subscribe', Resource: topicArn }] },
    },
  }

  it.each([
    [
      'an alarm on a metric that the runner does not emit',
      stack(alarm(metricOf('AWS/Lambda', 'IteratorAge'))),
      'no metric IteratorAge of AWS/Lambda',
    ],
    ['an alarm with an unknown statistic', stack(alarm({ ...errors, Statistic: 'tm99' })), 'does not know tm99'],
    ['an alarm without a metric', stack(alarm({})), 'watches nothing'],
    ['an alarm with an unknown property', stack(alarm({ ...errors, Wild: 1 })), 'Wild'],
    [
      'an alarm with an unsupported expression',
      stack(alarm({ Metrics: [{ Id: 'e', Expression: 'ANOMALY(m)' }] })),
      'not ANOMALY(m)',
    ],
    [
      'an alarm whose topic does not exist',
      stack(alarm({ ...errors, AlarmActions: ['arn:none'] })),
      'there is no topic arn:none',
    ],
    [
      'an alarm whose topic policy does not allow it to publish',
      { ...stack(alarm(errors)), resources: { ...stack(alarm(errors)).resources, policy } },
      'no policy of',
    ],
  ])('%s', async (_, invalidStack, reason) => {
    await expect(runFixture(invalidStack)).rejects.toThrow(reason)
  })

  it.each(['oops', '{}', '{"widgets":5}'])('a dashboard with the invalid body %s', async (DashboardBody) => {
    const resources = { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } }
    await expect(runFixture({ resources })).rejects.toThrow('DashboardBody is not a valid dashboard')
  })
})
