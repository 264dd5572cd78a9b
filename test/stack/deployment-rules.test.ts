import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { findings } from '../support/deployment-rules.ts'

// biome-ignore lint/suspicious/noExplicitAny: a template is taken to pieces here
type Template = any

let template: Template
beforeEach(() => {
  template = JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8'))
})
const resource = (type: string, part = ''): Template => {
  const [, found] =
    Object.entries<Template>(template.Resources).find(([id, { Type }]) => Type === type && id.includes(part)) ?? []
  return found
}
const remove = (type: string, part = '') => {
  for (const [id, { Type }] of Object.entries<Template>(template.Resources))
    if (Type === type && id.includes(part)) delete template.Resources[id]
}

it('the stack follows the rules of a deployment', () => {
  expect(findings(template)).toEqual([])
})

describe('a mistake is named', () => {
  const mistakes: Record<string, [make: () => void, finding: RegExp]> = {
    'messages hidden for 30 s': [
      () => {
        resource('AWS::SQS::Queue', 'Events').Properties.VisibilityTimeout = 30
      },
      /visibility timeout: EventQueueEvents\w+ hides messages for 30 s, less than the 361 s that ApplierApplyEvents\w+ may need/,
    ],
    'dead messages that go before their time': [
      () => {
        resource('AWS::SQS::Queue', 'DeadLetter').Properties.MessageRetentionPeriod = 864_000
      },
      /dead messages: EventQueueDeadLetterQueue\w+ keeps messages no longer than EventQueueEvents/,
    ],
    'whole batches tried again': [
      () => {
        delete resource('AWS::Lambda::EventSourceMapping').Properties.FunctionResponseTypes
      },
      /batches: \w+ tries whole batches again/,
    ],
    'batches without a bound': [
      () => {
        delete resource('AWS::Lambda::EventSourceMapping').Properties.ScalingConfig
      },
      /batches: \w+ bounds no concurrency/,
    ],
    'more batches than are reserved': [
      () => {
        resource('AWS::Lambda::Function', 'ApplyEvents').Properties.ReservedConcurrentExecutions = 10
      },
      /batches: \w+ runs 20 batches at once, of which the function reserves 10/,
    ],
    'a queue over plain HTTP': [
      () => remove('AWS::SQS::QueuePolicy', 'DeadLetter'),
      /plain HTTP: EventQueueDeadLetter/,
    ],
    'a topic over plain HTTP': [() => remove('AWS::SNS::TopicPolicy', 'RoomEvent'), /plain HTTP: RoomEventTopic/],
    'a queue that is not encrypted': [
      () => {
        resource('AWS::SQS::Queue', 'Events').Properties.SqsManagedSseEnabled = false
      },
      /encryption: EventQueueEvents\w+ is not encrypted/,
    ],
    'a topic that is not encrypted': [
      () => {
        delete resource('AWS::SNS::Topic', 'Alert').Properties.KmsMasterKeyId
      },
      /encryption: AlertTopic\w+ is not encrypted/,
    ],
    'a table without recovery': [
      () => {
        delete resource('AWS::DynamoDB::Table', 'State').Properties.PointInTimeRecoverySpecification
      },
      /kept data: TablesState\w+ cannot be recovered/,
    ],
    'a table that can be deleted': [
      () => {
        resource('AWS::DynamoDB::Table', 'State').Properties.DeletionProtectionEnabled = false
      },
      /kept data: TablesState\w+ is not protected/,
    ],
    'a table that goes with the stack': [
      () => {
        resource('AWS::DynamoDB::Table', 'EventLog').DeletionPolicy = 'Delete'
      },
      /kept data: TablesEventLog\w+ goes with the stack/,
    ],
    'logs that are kept for ever': [
      () => {
        delete resource('AWS::Logs::LogGroup', 'Query').Properties.RetentionInDays
      },
      /logs: Query\w+ keeps logs for ever/,
    ],
    'a wildcard action': [
      () => {
        resource('AWS::IAM::Policy', 'Receive').Properties.PolicyDocument.Statement[0].Action = 'sqs:*'
      },
      /grants: Receiver\w+ allows sqs:\*/,
    ],
    'a wildcard resource': [
      () => {
        resource('AWS::IAM::Policy', 'Receive').Properties.PolicyDocument.Statement[0].Resource = '*'
      },
      /grants: Receiver\w+ allows .* on "\*"/,
    ],
    'a missing alarm on a function': [
      () => remove('AWS::CloudWatch::Alarm', 'ReceiveCallbackErrors'),
      /no alarm on Errors of ReceiverReceiveCallback/,
    ],
    'a missing alarm on dead messages': [
      () => remove('AWS::CloudWatch::Alarm', 'DeadLetters'),
      /no alarm on visible messages of EventQueueDeadLetter/,
    ],
    'an alarm that does not know missing data': [
      () => {
        delete resource('AWS::CloudWatch::Alarm', 'Drift').Properties.TreatMissingData
      },
      /alarms: \w*Drift\w* does not say what missing data means/,
    ],
    'a schedule that repeats': [
      () => {
        resource('AWS::Scheduler::Schedule').Properties.Target.RetryPolicy.MaximumRetryAttempts = 2
      },
      /schedules: \w+ repeats what fails/,
    ],
    'a partition by name': [
      () => {
        resource('AWS::IAM::Policy', 'Receive').Properties.PolicyDocument.Statement[0].Resource = 'arn:aws:sqs:::q'
      },
      /partitions: "arn:aws:sqs:::q" names a partition/,
    ],
  }

  it.each(Object.entries(mistakes))('%s', (_name, [make, finding]) => {
    make()
    const found = findings(template)
    expect(found.length).toBeGreaterThan(0)
    for (const one of found) expect(one).toMatch(finding)
  })
})
