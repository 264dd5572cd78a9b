import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { AlertTopic } from '../../lib/alert-topic.ts'
import { TopicKey } from '../../lib/topic-key.ts'

const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.object({ Ref: z.string() })),
  TreatMissingData: z.string(),
  EvaluationPeriods: z.number(),
  Threshold: z.number(),
})

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)

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

  it('are those that an operator needs', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName.replace('Northbound-', '')).sort()).toEqual([
      'api-server-errors',
      'apply-events-errors',
      'apply-events-throttles',
      'dead-letters',
      'drift',
      'notifications-failed',
      'oldest-message',
      'query-api-errors',
      'query-api-throttles',
      'receive-callback-errors',
      'receive-callback-throttles',
      'receive-latency',
      'reconcile-rooms-errors',
      'reconcile-rooms-throttles',
      'refused-signatures',
      'sweeps-failing',
    ])
    expect(named('dead-letters')).toMatchObject({ Threshold: 1, EvaluationPeriods: 1 })
  })

  it('have a heading each in the runbook, and every heading is an alarm', () => {
    expect(headings.toSorted()).toEqual(alarms.map(({ AlarmName }) => AlarmName.replace('Northbound-', '')).sort())
  })

  it('say their impact in Chinese and English, and where to read on', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const heading = AlarmName.replace('Northbound-', '')
      expect(AlarmDescription).toMatch(
        /^影响: .*\p{Script=Han}.*\nImpact: \w.{20,}\n处理 \/ what to do: docs\/runbook\.md#[a-z-]+$/u,
      )
      expect(AlarmDescription.endsWith(`#${heading}`)).toBe(true)
      // CloudWatch takes no longer one.
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024)
    }
  })

  it('tell the alert topic, and take silence for peace', () => {
    for (const alarm of alarms) {
      expect(alarm.TreatMissingData).toBe('notBreaching')
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlertTopic/) }])
    }
  })

  it('leave no function and no queue out', () => {
    for (const id of [...ids('AWS::Lambda::Function'), ...ids('AWS::SQS::Queue')]) {
      const watching = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter((alarm) =>
        JSON.stringify(alarm).includes(`"${id}"`),
      )
      expect(watching.length, id).toBeGreaterThan(0)
    }
  })

  it('may publish to the alert topic, from this account only', () => {
    const policies = JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))
    expect(policies).toContain('"Service":"cloudwatch.amazonaws.com"')
    expect(policies).toMatch(/"aws:SourceAccount":\{"Ref":"AWS::AccountId"\}/)
  })

  it("watch figures of ours that some function's code counts", () => {
    const code = ['apply-events/report.ts', 'reconcile-rooms/handler.ts', 'receive-callback/index.ts']
      .map((file) => readFileSync(new URL(`../../lambdas/${file}`, import.meta.url), 'utf8'))
      .join()
    const own = [...text.matchAll(/"MetricName": "(\w+)",\s+"Namespace": "Northbound"/g)].map(([, name]) => name)
    expect(new Set(own)).toEqual(new Set(['Callbacks', 'SweepFailures', 'DriftFound']))
    for (const name of own) expect(code).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it('look back no longer than CloudWatch does', () => {
    const periods = z.object({ EvaluationPeriods: z.number(), Period: z.number().optional() })
    for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      const { EvaluationPeriods, Period = 300 } = periods.parse(Properties)
      expect(EvaluationPeriods * Period).toBeLessThanOrEqual(86_400)
    }
  })
})

describe('those who are told', () => {
  it('are the addresses and numbers of the context, by e-mail and by SMS', () => {
    const stack = new Stack(new App(), 'Test')
    new AlertTopic(stack, 'Alerts', {
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

  it('include reconciliation, of warnings only', () => {
    const template = Template.fromJSON(
      JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')),
    )
    const [subscription, ...others] = Object.values(template.findResources('AWS::SNS::Subscription'))
    expect(others).toEqual([])
    expect(subscription?.Properties).toMatchObject({
      Protocol: 'lambda',
      FilterPolicy: { kind: ['port_check', 'warning'] },
    })
  })
})
