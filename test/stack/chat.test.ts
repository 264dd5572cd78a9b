import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { readIdleStack } from '../../bench/idle/idle-stack.ts'
import { prices } from '../../bench/prices.ts'
import { NorthboundStack } from '../../lib/northbound-stack.ts'
import { readSettings } from '../../lib/settings.ts'
import { chatRefused } from '../../names/alarms.ts'
import * as chatState from '../../names/chat-state.ts'
import { robotsUnavailable } from '../../names/metrics.ts'
import { listFindings } from '../support/deployment-rules.ts'

/** Synthesizes the stack without bundling. */
function synthesizeWith(settings: object): Template {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  return Template.fromStack(new NorthboundStack(app, 'Northbound', { settings: readSettings(settings, undefined) }))
}

const without = synthesizeWith({})
const template = synthesizeWith({ chat: true, chatHosts: ['robots.example.com'] })
const runbooks = ['runbook.md', 'runbook.zh-CN.md'].map((page) =>
  readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8'),
)

const idsOf = (one: Template) => Object.keys(one.toJSON().Resources)
const added = idsOf(template).filter((id) => !idsOf(without).includes(id))
const addedOf = (type: string) =>
  Object.entries(template.findResources(type)).flatMap(([id, { Properties }]) =>
    added.includes(id) ? [{ id, ...Properties }] : [],
  )
const alarmNames = addedOf('AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName)

describe('the stack without chat', () => {
  it('has no part of it', () => {
    expect(JSON.stringify(without.toJSON())).not.toMatch(/chat/i)
  })

  it('loses nothing by switching chat on', () => {
    expect(idsOf(template)).toEqual(expect.arrayContaining(idsOf(without)))
  })
})

describe('the stack with chat', () => {
  it('has the outputs of the contract', () => {
    const outputs = Object.keys(template.findOutputs('*'))
    expect(outputs.filter((name) => !Object.keys(without.findOutputs('*')).includes(name))).toEqual([
      'ChatSecretArn',
      'ChatFunctionName',
    ])
  })

  it('breaks no rule of deployment', () => {
    expect(listFindings(template.toJSON())).toEqual([])
  })

  it('delivers everything on the alert topic to the queue of the function', () => {
    const [subscription, ...others] = addedOf('AWS::SNS::Subscription')
    expect(others).toEqual([])
    expect(subscription).toMatchObject({
      Protocol: 'sqs',
      RawMessageDelivery: true,
      TopicArn: { Ref: expect.stringMatching(/^AlertTopic/) },
      Endpoint: { 'Fn::GetAtt': [expect.stringMatching(/^ChatQueueAlerts/), 'Arn'] },
    })
    expect(subscription).not.toHaveProperty('FilterPolicy')
    const [mapping] = addedOf('AWS::Lambda::EventSourceMapping')
    expect(mapping).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 2,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    })
  })

  it('has alarms on dead letters, robots that refuse, errors and throttles, with headings in the runbook', () => {
    expect(alarmNames.sort()).toEqual([
      'Northbound-chat-dead-letters',
      'Northbound-chat-refused',
      'Northbound-notify-chat-errors',
      'Northbound-notify-chat-throttles',
    ])
    for (const runbook of runbooks)
      for (const name of alarmNames) expect(runbook).toContain(`\n## ${name.replace('Northbound-', '')}\n`)
    for (const { AlarmDescription, AlarmActions, TreatMissingData } of addedOf('AWS::CloudWatch::Alarm')) {
      expect(AlarmDescription).toMatch(/^影响：.*\p{Script=Han}.*\nImpact: \w.{20,}\n/u)
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024)
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlertTopic/) }])
      expect(TreatMissingData).toBe('notBreaching')
    }
  })

  it('has the alarm that the function recognises by its name', () => {
    expect(alarmNames).toContain(`Northbound-${chatRefused}`)
  })

  it('retains the secret, which is empty at first, and deletes the queues', () => {
    const [secret] = Object.values(template.findResources('AWS::SecretsManager::Secret')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('wecom'),
    )
    expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' })
    expect(JSON.parse(secret?.Properties.SecretString)).toEqual({
      wecom: [],
      dingtalk: [],
      feishu: [],
      language: 'both',
    })
    const queues = Object.entries(template.findResources('AWS::SQS::Queue')).filter(([id]) => added.includes(id))
    expect(queues.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(['Delete', 'Delete'])
  })

  it('lets the function read and write only the states of robots', () => {
    const [policy] = addedOf('AWS::IAM::Policy')
    const statements: { Action: unknown; Condition?: unknown }[] = policy?.PolicyDocument.Statement
    const onTable = statements.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'))
    expect(onTable).toEqual([
      expect.objectContaining({
        Action: ['dynamodb:UpdateItem', 'dynamodb:BatchGetItem'],
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [chatState.group] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      }),
    ])
  })

  it('lets Lambda invoke the function although it puts messages on its own queue', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('group robots'),
      RecursiveLoop: 'Allow',
    })
  })

  it('shows the robots on the dashboard, which stays a free one', () => {
    const [body] = Object.values(template.findResources('AWS::CloudWatch::Dashboard')).map(({ Properties }) =>
      JSON.stringify(Properties.DashboardBody),
    )
    expect(body).toContain('群机器人 / Group robots')
    expect(body).toContain(robotsUnavailable)
    expect(JSON.stringify(without.findResources('AWS::CloudWatch::Dashboard'))).not.toContain('群机器人')
    const { dashboards } = readIdleStack((type) =>
      Object.entries(template.findResources(type)).map(([id, { Properties }]) => ({
        id,
        properties: Properties,
        path: `Northbound/${id}/Resource`,
      })),
    )
    for (const { metrics } of dashboards) expect(metrics).toBeLessThanOrEqual(prices.freeDashboards.metrics)
  })

  it('passes the allowed hosts and no secret to the function', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { CHAT_HOSTS: 'robots.example.com', CHAT_SECRET_ARN: Match.anyValue() } },
    })
  })
})
