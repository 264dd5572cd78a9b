import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { AlertNotifications } from '../../lib/alert-notifications.ts'
import { Northbound } from '../../lib/northbound.ts'
import { TopicKey } from '../../lib/topic-key.ts'
import * as metricNames from '../../names/metrics.ts'

const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.object({ Ref: z.string() })),
  TreatMissingData: z.string(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  Threshold: z.number(),
})

const headingsOf = (page: string) =>
  [...readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').matchAll(/^## (.+)$/gm)].map(
    ([, heading]) => heading,
  )

describe('the alarms of the stack', () => {
  let template: Template
  let text: string
  let alarms: z.output<typeof alarmSchema>[]

  beforeAll(() => {
    text = readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')
    template = Template.fromJSON(JSON.parse(text))
    alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
      alarmSchema.parse(Properties),
    )
  })
  const ids = (type: string) => Object.keys(template.findResources(type))
  const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `Northbound-${name}`)

  it('cover every part of the data flow', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName.replace('Northbound-', '')).sort()).toEqual([
      'all-clear-lost',
      'api-client-errors',
      'api-server-errors',
      'apply-events-errors',
      'apply-events-throttles',
      'callbacks-missing',
      'dead-letters',
      'drift',
      'events-failing',
      'notifications-failed',
      'oldest-message',
      'oldest-quiet-message',
      'query-api-errors',
      'query-api-throttles',
      'receive-callback-errors',
      'receive-callback-throttles',
      'receive-latency',
      'reconcile-rooms-errors',
      'reconcile-rooms-throttles',
      'refused-signatures',
      'secret-unusable',
      'sweeps-failing',
      'usage-missing',
    ])
    expect(named('dead-letters')).toMatchObject({ Threshold: 1, EvaluationPeriods: 5, DatapointsToAlarm: 1 })
    expect(named('events-failing')).toMatchObject({ Threshold: 1, EvaluationPeriods: 5, DatapointsToAlarm: 3 })
  })

  it('fire earlier for late events of quiet message groups than for those of one group that is noisy', () => {
    const watched = (name: string) =>
      Object.values(
        template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: `Northbound-${name}` } }),
      )
    const alarm = { Namespace: 'AWS/SQS', Statistic: 'Maximum', Period: 60, EvaluationPeriods: 5 }
    expect(watched('oldest-quiet-message')).toMatchObject([
      { Properties: { ...alarm, MetricName: 'ApproximateAgeOfOldestMessageInQuietGroups', Threshold: 300 } },
    ])
    expect(watched('oldest-message')).toMatchObject([
      { Properties: { ...alarm, MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 900 } },
    ])
  })

  it('are all watched by a rule that invokes send-all-clear when one returns from ALARM to OK', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule'))
    const patterns = rules.map(({ Properties }) => Properties.EventPattern)
    expect(patterns.flatMap(({ detail }) => detail.alarmName).sort()).toEqual(
      alarms.map(({ AlarmName }) => AlarmName).sort(),
    )
    for (const { Properties } of rules) {
      expect(Properties).toMatchObject({
        EventPattern: {
          source: ['aws.cloudwatch'],
          'detail-type': ['CloudWatch Alarm State Change'],
          detail: { state: { value: ['OK'] }, previousState: { value: ['ALARM'] } },
        },
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^AllClearSendAllClear/), 'Arn'] } }],
      })
    }
  })

  it('are all watched by rules whose patterns EventBridge accepts, with group robots and a stack name of 128 characters', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
    const stack = new Stack(app, 'N'.repeat(128))
    new Northbound(stack, 'Default', { chat: true })
    const long = Template.fromStack(stack)
    const rules = Object.values(long.findResources('AWS::Events::Rule'))
    const names = Object.values(long.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmName,
    )
    const patterns = rules.map(({ Properties }) => Properties.EventPattern)
    expect(names.length).toBeGreaterThan(alarms.length)
    expect(patterns.flatMap(({ detail }) => detail.alarmName).sort()).toEqual(names.sort())
    for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048)
  })

  it.each(['runbook.md', 'runbook.zh-CN.md'])(
    'match the headings of %s one to one, besides those of chat and alerts that are not alarms',
    (page) => {
      const names = alarms.map(({ AlarmName }) => AlarmName.replace('Northbound-', ''))
      // test/stack/chat.test.ts checks these.
      const ofChat = ['chat-dead-letters', 'chat-refused', 'notify-chat-errors', 'notify-chat-throttles']
      expect(headingsOf(page).toSorted()).toEqual([...names, ...ofChat, 'mass-disappearance', 'port-check'].sort())
    },
  )

  it('fire although a period is empty if they watch several periods', () => {
    const periods = z.object({ EvaluationPeriods: z.number(), DatapointsToAlarm: z.number().optional() })
    for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = periods.parse(Properties)
      if (EvaluationPeriods > 1) expect(DatapointsToAlarm, Properties.AlarmName).toBeLessThan(EvaluationPeriods)
    }
  })

  it('state their impact in Chinese and English and link their runbook heading', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const heading = AlarmName.replace('Northbound-', '')
      expect(AlarmDescription).toMatch(
        /^影响：.*\p{Script=Han}.*\nImpact: \w.{20,}\n处理：docs\/runbook\.zh-CN\.md#[a-z-]+\nWhat to do: docs\/runbook\.md#[a-z-]+$/u,
      )
      expect(AlarmDescription.match(/(?<=#)[a-z-]+$/gm)).toEqual([heading, heading])
      // CloudWatch rejects longer descriptions.
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024)
    }
  })

  it("name the account's quota if invocations are throttled", () => {
    const throttles = alarms.filter(({ AlarmName }) => AlarmName.endsWith('-throttles'))
    expect(throttles).toHaveLength(4)
    for (const { AlarmDescription } of throttles) {
      expect(
        AlarmDescription.match(/Concurrent executions, L-B99A9384|Concurrent executions，L-B99A9384/g),
      ).toHaveLength(2)
    }
  })

  it('notify the alert topic and treat missing data as not breaching', () => {
    for (const alarm of alarms) {
      expect(alarm.TreatMissingData).toBe('notBreaching')
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlertTopic/) }])
    }
  })

  it('cover every queue, and every function but the one that operators invoke and the one that empties a watched queue', () => {
    const functions = ids('AWS::Lambda::Function').filter((id) => !/^(RebuilderRebuild|RedriverRedrive)/.test(id))
    for (const id of [...functions, ...ids('AWS::SQS::Queue')]) {
      const watching = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter((alarm) =>
        JSON.stringify(alarm).includes(`"${id}"`),
      )
      expect(watching.length, id).toBeGreaterThan(0)
    }
  })

  it('may publish to the alert topic from this account only', () => {
    const policies = JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))
    expect(policies).toContain('"Service":"cloudwatch.amazonaws.com"')
    expect(policies).toMatch(/"aws:SourceAccount":\{"Ref":"AWS::AccountId"\}/)
  })

  it('watch refused and missing callbacks, failing events, failed sweeps and drift among the metrics of the functions', () => {
    const watched = [...text.matchAll(/"MetricName": "(\w+)",\s+"Namespace": "Northbound"/g)].map(([, name]) => name)
    const { callbacks, eventsFailed, sweepFailures, driftFound, callbackSilence, secretsUnusable } = metricNames
    expect(new Set(watched)).toEqual(
      new Set([callbacks, eventsFailed, sweepFailures, driftFound, callbackSilence, secretsUnusable]),
    )
  })

  it('evaluate at most one day, the limit of CloudWatch', () => {
    const periods = z.object({ EvaluationPeriods: z.number(), Period: z.number().optional() })
    for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      const { EvaluationPeriods, Period = 300 } = periods.parse(Properties)
      expect(EvaluationPeriods * Period).toBeLessThanOrEqual(86_400)
    }
  })
})

describe('the subscriptions', () => {
  it('of the alert topic are the e-mail addresses and phone numbers of the settings', () => {
    const stack = new Stack(new App(), 'Test')
    new AlertNotifications(stack, 'Alerts', {
      topicKey: new TopicKey(stack, 'TopicKey'),
      settings: { alertEmails: ['ops@example.com', 'duty@example.cn'], alertPhones: ['+8613800138000'] },
    })
    const subscriptions = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Subscription'))
    expect(subscriptions.map(({ Properties }) => [Properties.Protocol, Properties.Endpoint]).sort()).toEqual([
      ['email', 'duty@example.cn'],
      ['email', 'ops@example.com'],
      ['sms', '+8613800138000'],
    ])
  })

  it('of the room-event topic include the reconciler, for every warning and for nothing else', () => {
    const template = Template.fromJSON(
      JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')),
    )
    const [subscription, ...others] = Object.values(template.findResources('AWS::SNS::Subscription'))
    expect(others).toEqual([])
    expect(subscription?.Properties).toMatchObject({
      Protocol: 'lambda',
      TopicArn: { Ref: expect.stringMatching(/^RoomEventTopic/) },
      FilterPolicy: { event: ['warning_notify'] },
    })
  })
})
