import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { maxBytes } from '../../adapters/sqs/max-bytes.ts'
import { createStormModel } from '../../bench/storm/scenarios.ts'
import { retryDelaySeconds } from '../../core/retries/retry-delay.ts'
import { release } from '../../names/release.ts'

type Properties = Record<string, unknown>

describe('NorthboundStack', () => {
  let template: Template
  let text: string

  beforeAll(() => {
    text = readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')
    template = Template.fromJSON(JSON.parse(text))
  })
  const onlyResource = (type: string, properties: unknown = Match.anyValue()): Properties => {
    const found = Object.values(template.findResources(type, { Properties: properties }))
    expect(found).toHaveLength(1)
    return found[0]?.Properties ?? {}
  }
  const queues = () => {
    const events = onlyResource('AWS::SQS::Queue', { RedrivePolicy: Match.anyValue() })
    const deadLetters = onlyResource('AWS::SQS::Queue', { RedrivePolicy: Match.absent() })
    return { events, deadLetters }
  }

  it('has exactly the outputs of the contract', () => {
    const outputs = Object.keys(template.findOutputs('*'))
    expect(outputs.sort()).toEqual([
      'AlertTopicArn',
      'ApiTokenSecretArn',
      'ApiUrl',
      'AvdSecretArn',
      'CallbackUrl',
      'CheckCodeSecretArn',
      'ConsoleUrl',
      'DeadLetterQueueUrl',
      'EventLogTableName',
      'EventQueueUrl',
      'RebuildFunctionName',
      'RoomEventTopicArn',
      'StateTableName',
    ])
  })

  it('describes each output in ASCII, because CloudFormation replaces other characters', () => {
    for (const [name, output] of Object.entries(template.findOutputs('*')))
      expect(output.Description, name).toMatch(/^[ -~]{10,}$/)
  })

  it('sets a visibility timeout of at least six times the function timeout plus the batching window', () => {
    const consumer = onlyResource('AWS::Lambda::Function', {
      Environment: { Variables: { MAX_RECEIVE_COUNT: Match.anyValue() } },
    })
    const mapping = onlyResource('AWS::Lambda::EventSourceMapping')
    const window = Number(mapping.MaximumBatchingWindowInSeconds)
    expect(queues().events.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(consumer.Timeout) + window)
  })

  it('keeps dead letters longer than the event queue keeps messages', () => {
    const { events, deadLetters } = queues()
    expect(Number(deadLetters.MessageRetentionPeriod)).toBeGreaterThan(Number(events.MessageRetentionPeriod))
  })

  it('retries only the failed messages of a batch and limits the concurrency of batches', () => {
    expect(onlyResource('AWS::Lambda::EventSourceMapping')).toMatchObject({
      BatchSize: 100,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: expect.any(Number) },
    })
  })

  it('has the queue settings that the model of the storm assumes', () => {
    const { queue } = createStormModel({ participants: 1, withinSeconds: 1 })
    expect(onlyResource('AWS::Lambda::EventSourceMapping')).toMatchObject({
      BatchSize: queue.batchSize,
      MaximumBatchingWindowInSeconds: queue.windowMs / 1000,
      ScalingConfig: { MaximumConcurrency: queue.maxConcurrency },
    })
  })

  it('retries a failed message for a day before it becomes a dead letter', () => {
    const { maxReceiveCount } = z.object({ maxReceiveCount: z.number() }).parse(queues().events.RedrivePolicy)
    const delays = Array.from({ length: maxReceiveCount - 1 }, (_, index) => retryDelaySeconds(index + 1))
    const hours = delays.reduce((sum, seconds) => sum + seconds, 0) / 3600
    expect(hours).toBeGreaterThan(24)
    expect(hours).toBeLessThan(25)
  })

  it('retains tables, queues and secrets, except if their first deployment fails', () => {
    const counts = { 'AWS::DynamoDB::Table': 2, 'AWS::SQS::Queue': 2, 'AWS::SecretsManager::Secret': 3 }
    for (const [type, count] of Object.entries(counts)) {
      const resources = Object.values(template.findResources(type))
      expect(resources, type).toHaveLength(count)
      for (const resource of resources) {
        expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' })
      }
    }
  })

  it('leaves nothing else behind', () => {
    const others = Object.values<{ Type: string; DeletionPolicy?: string }>(template.toJSON().Resources).filter(
      ({ Type }) => !/^AWS::(DynamoDB::Table|SQS::Queue|SecretsManager::Secret)$/.test(Type),
    )
    for (const { Type, DeletionPolicy = 'Delete' } of others) expect(DeletionPolicy, Type).toBe('Delete')
  })

  it('protects itself from deletion and carries the name of the installation as a tag', () => {
    const manifest = JSON.parse(readFileSync(join(inject('assemblies').strict, 'manifest.json'), 'utf8'))
    expect(manifest.artifacts.Northbound.properties).toMatchObject({
      terminationProtection: true,
      tags: { name: 'Northbound' },
    })
  })

  it('states its release, so that CloudFormation shows what is deployed', () => {
    expect(template.toJSON().Description).toContain(`Northbound ${release}`)
  })

  it('bills tables by request, recovers them to a point in time and expires their items', () => {
    template.allResourcesProperties('AWS::DynamoDB::Table', {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      // CloudFormation could not delete a protected table if the first deployment fails.
      DeletionProtectionEnabled: Match.absent(),
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
    })
  })

  it('runs every function on Node 24 and keeps its logs for 180 days', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', LoggingConfig: Match.anyValue() })
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 180 })
    template.resourceCountIs('AWS::Logs::LogGroup', 8)
  })

  it('has queues that take a message of any size that the senders send', () => {
    for (const queue of Object.values(queues())) expect(queue.MaximumMessageSize).toBe(maxBytes)
  })

  it('drops asynchronous invocations that waited for a minute', () => {
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 3)
    template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    })
  })

  it('lets Lambda invoke the functions that are parts of its loop', () => {
    const allowed = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { RecursiveLoop: 'Allow' } }),
    ).map(({ Properties }) => String(Properties.Description))
    expect(allowed.toSorted()).toEqual([
      expect.stringMatching(/^Compares the open rooms/),
      expect.stringMatching(/^Logs queued/),
    ])
  })

  it('schedules sweeps without retries, with a function timeout below the period', () => {
    const schedule = onlyResource('AWS::Scheduler::Schedule', { Description: Match.stringLikeRegexp('^Reconciles') })
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    })
    const sweeper = onlyResource('AWS::Lambda::Function', {
      Environment: { Variables: { SWEEP_GRACE_SECONDS: '120' } },
    })
    expect(Number(sweeper.Timeout)).toBeLessThan(60)
  })

  it('schedules a sample of usage each minute without retries, with a function timeout below the period', () => {
    const schedule = onlyResource('AWS::Scheduler::Schedule', { Description: Match.stringLikeRegexp('^Samples') })
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    })
    const sampler = onlyResource('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('^Samples') })
    expect(Number(sampler.Timeout)).toBeLessThan(60)
    expect(sampler.LoggingConfig).toMatchObject({ SystemLogLevel: 'WARN' })
  })

  it('schedules redrives of dead letters without retries, with a function timeout below the period', () => {
    const schedule = onlyResource('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(5 minutes)' })
    expect(schedule).toMatchObject({
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    })
    const redriver = onlyResource('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('dead letter') })
    expect(Number(redriver.Timeout)).toBeLessThan(300)
  })

  it('denies plain HTTP to its queues and topics', () => {
    const plainHttpDenied = {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    }
    template.allResourcesProperties('AWS::SQS::QueuePolicy', { PolicyDocument: plainHttpDenied })
    template.allResourcesProperties('AWS::SNS::TopicPolicy', { PolicyDocument: plainHttpDenied })
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2)
    template.resourceCountIs('AWS::SNS::TopicPolicy', 2)
  })

  it('grants no wildcard actions or resources', () => {
    const statements = z.object({
      PolicyDocument: z.object({ Statement: z.array(z.object({ Action: z.unknown(), Resource: z.unknown() })) }),
    })
    for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy')))
      for (const { Action, Resource } of statements.parse(Properties).PolicyDocument.Statement) {
        expect([Action].flat().filter((action) => String(action).includes('*'))).toEqual([])
        expect([Resource].flat()).not.toContain('*')
      }
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() })
  })

  it('lets the receiver write no item of the state table but samples and counts of refused callbacks', () => {
    const statements = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.includes('ReceiveCallback'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Properties[])
    const allowed = [
      ['dynamodb:PutItem', 'refused'],
      ['dynamodb:UpdateItem', 'refused-count'],
    ]
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'))).toEqual(
      allowed.map(([Action, group]) => ({
        Effect: 'Allow',
        Action,
        Resource: { 'Fn::GetAtt': [expect.stringContaining('TablesState'), 'Arn'] },
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [group] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      })),
    )
  })

  it('does not hard-code an AWS partition', () => {
    expect(text.match(/.*arn:aws:.*/g)).toBeNull()
    expect(text.match(/.*\.amazonaws\.com\.cn.*/g)).toBeNull()
  })
})
