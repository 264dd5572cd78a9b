import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { listFindings } from '../support/deployment-rules.ts'

// biome-ignore lint/suspicious/noExplicitAny: the tests edit arbitrary parts of a template
type EditableTemplate = any

let template: EditableTemplate
beforeEach(() => {
  template = JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8'))
})
const resource = (type: string, part = ''): EditableTemplate => {
  const [, found] =
    Object.entries<EditableTemplate>(template.Resources).find(([id, { Type }]) => Type === type && id.includes(part)) ??
    []
  return found
}
const remove = (type: string, part = '') => {
  for (const [id, { Type }] of Object.entries<EditableTemplate>(template.Resources))
    if (Type === type && id.includes(part)) delete template.Resources[id]
}

describe('listFindings', () => {
  it('returns an empty list for the stack', () => {
    expect(listFindings(template)).toEqual([])
  })

  const mistakes: Record<string, [introduce: () => void, finding: RegExp]> = {
    'a visibility timeout of 30 s': [
      () => {
        resource('AWS::SQS::Queue', 'Events').Properties.VisibilityTimeout = 30
      },
      /visibility timeout: EventQueueEvents\w+ hides messages for 30 s, less than the 361 s that ApplierApplyEvents\w+ may need/,
    ],
    'a dead-letter queue that keeps messages no longer than the event queue': [
      () => {
        resource('AWS::SQS::Queue', 'DeadLetter').Properties.MessageRetentionPeriod = 864_000
      },
      /dead letters: EventQueueDeadLetterQueue\w+ keeps messages no longer than EventQueueEvents/,
    ],
    'a mapping that retries whole batches': [
      () => {
        delete resource('AWS::Lambda::EventSourceMapping').Properties.FunctionResponseTypes
      },
      /batches: \w+ retries whole batches/,
    ],
    'a mapping without a concurrency limit': [
      () => {
        delete resource('AWS::Lambda::EventSourceMapping').Properties.ScalingConfig
      },
      /batches: \w+ does not limit concurrency/,
    ],
    'a concurrency limit above the reserved concurrency': [
      () => {
        resource('AWS::Lambda::Function', 'ApplyEvents').Properties.ReservedConcurrentExecutions = 10
      },
      /batches: \w+ runs up to 20 batches concurrently, but the function reserves 10/,
    ],
    'a queue that accepts plain HTTP': [
      () => remove('AWS::SQS::QueuePolicy', 'DeadLetter'),
      /plain HTTP: EventQueueDeadLetter/,
    ],
    'a topic that accepts plain HTTP': [
      () => remove('AWS::SNS::TopicPolicy', 'RoomEvent'),
      /plain HTTP: RoomEventTopic/,
    ],
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
    'a table without point-in-time recovery': [
      () => {
        delete resource('AWS::DynamoDB::Table', 'State').Properties.PointInTimeRecoverySpecification
      },
      /retained data: TablesState\w+ cannot be recovered/,
    ],
    'a table with deletion protection': [
      () => {
        resource('AWS::DynamoDB::Table', 'State').Properties.DeletionProtectionEnabled = true
      },
      /retained data: TablesState\w+ outlives a failed first deployment/,
    ],
    'a table that outlives a failed first deployment': [
      () => {
        resource('AWS::DynamoDB::Table', 'EventLog').DeletionPolicy = 'Retain'
      },
      /retained data: TablesEventLog\w+ outlives a failed first deployment/,
    ],
    'a table that is deleted with the stack': [
      () => {
        resource('AWS::DynamoDB::Table', 'EventLog').DeletionPolicy = 'Delete'
      },
      /retained data: TablesEventLog\w+ is deleted with the stack/,
    ],
    'a log group without a retention': [
      () => {
        delete resource('AWS::Logs::LogGroup', 'Query').Properties.RetentionInDays
      },
      /logs: Query\w+ keeps logs forever/,
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
    'a missing alarm on dead letters': [
      () => remove('AWS::CloudWatch::Alarm', 'DeadLetters'),
      /no alarm on visible messages of EventQueueDeadLetter/,
    ],
    'an alarm that does not define how to treat missing data': [
      () => {
        delete resource('AWS::CloudWatch::Alarm', 'Drift').Properties.TreatMissingData
      },
      /alarms: \w*Drift\w* does not define how to treat missing data/,
    ],
    'a schedule that retries': [
      () => {
        resource('AWS::Scheduler::Schedule').Properties.Target.RetryPolicy.MaximumRetryAttempts = 2
      },
      /schedules: \w+ retries failed invocations/,
    ],
    'a hard-coded partition': [
      () => {
        resource('AWS::IAM::Policy', 'Receive').Properties.PolicyDocument.Statement[0].Resource = 'arn:aws:sqs:::q'
      },
      /partitions: "arn:aws:sqs:::q" names a partition/,
    ],
  }

  it.each(Object.entries(mistakes))('reports %s', (_name, [introduce, finding]) => {
    introduce()
    const found = listFindings(template)
    expect(found.length).toBeGreaterThan(0)
    for (const one of found) expect(one).toMatch(finding)
  })
})
