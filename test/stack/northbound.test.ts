import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { App, Fn, Stack } from 'aws-cdk-lib'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import { User } from 'aws-cdk-lib/aws-iam'
import { Northbound, type NorthboundProps } from 'northbound'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listFindings } from '../support/deployment-rules.ts'

/** Skips bundling: the code of the functions does not matter here. */
const unbundled = { 'aws:cdk:bundling-stacks': [] }

const stackWith = (...all: readonly NorthboundProps[]) => {
  const stack = new Stack(new App({ context: unbundled }), 'Shop')
  for (const [index, props] of all.entries()) new Northbound(stack, `Site${index + 1}`, props)
  return Template.fromStack(stack)
}

describe('Northbound in another CDK app', () => {
  it('synthesizes the attendance example without findings', () => {
    const directory = mkdtempSync(join(tmpdir(), 'northbound-example-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const example = fileURLToPath(new URL('../../examples/attendance', import.meta.url))
    const { context } = JSON.parse(readFileSync(join(example, 'cdk.json'), 'utf8'))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['app.ts'], {
      cwd: example,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...unbundled }),
      },
    })
    expect(`${stdout}${stderr}`).not.toMatch(/ERROR|WARNING/)
    expect(status).toBe(0)
    const template = JSON.parse(readFileSync(join(directory, 'Attendance.template.json'), 'utf8'))
    // The example's own queue has no consumer and no alarm.
    expect(listFindings(template)).toEqual([
      expect.stringMatching(/^alarms: no alarm on visible messages of EndedSessions/),
    ])
    Template.fromJSON(template).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      FilterPolicy: { event: ['leave', 'session_ended'] },
    })
  })

  it('gives two instances in one stack different alarm names and metric namespaces', () => {
    const template = stackWith({}, { alertEmails: ['ops@example.com'] })
    const names = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmName,
    )
    expect(names).toContain('Shop-Site1-dead-letters')
    expect(names).toContain('Shop-Site2-dead-letters')
    expect(new Set(names).size).toBe(names.length)
    for (const site of ['Shop-Site1', 'Shop-Site2']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { METRICS_NAMESPACE: site } },
      })
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `${site}-drift`,
        Namespace: site,
      })
    }
  })

  it('accepts VPC resources that the same app creates or imports', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Shop')
    const vpc = new Vpc(stack, 'Vpc')
    new Northbound(stack, 'Other', {
      vpcId: Fn.importValue('vpc'),
      subnetIds: Fn.split(',', Fn.importValue('subnets')),
      securityGroupIds: [Fn.importValue('group')],
    })
    new Northbound(stack, 'Northbound', {
      vpcId: vpc.vpcId,
      subnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [vpc.vpcDefaultSecurityGroup],
    })
    const template = Template.fromStack(stack)
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: { 'Fn::Split': [',', { 'Fn::ImportValue': 'subnets' }] } },
    })
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: [{ Ref: Match.stringLikeRegexp('VpcPrivateSubnet') }, Match.anyValue()] },
    })
  })

  it('routes callbacks to the same alias with and without provisioned concurrency', () => {
    const integrations = (props: NorthboundProps) => {
      const template = stackWith(props)
      const [alias = {}] = Object.values(template.findResources('AWS::Lambda::Alias'))
      const uris = Object.values(template.findResources('AWS::ApiGatewayV2::Integration')).map(
        ({ Properties }) => Properties.IntegrationUri,
      )
      return { warm: alias.Properties.ProvisionedConcurrencyConfig, uris }
    }
    const [cold, warm] = [integrations({}), integrations({ provisionedConcurrency: 2 })]
    expect(cold.warm).toBeUndefined()
    expect(warm.warm).toEqual({ ProvisionedConcurrentExecutions: 2 })
    expect(warm.uris).toEqual(cold.uris)
    expect(JSON.stringify(warm.uris)).toContain('Aliaslive')
  })

  it('adopts existing tables instead of creating new ones, with the same grants', () => {
    const [created, adopted] = [
      stackWith({}),
      stackWith({ existingEventLog: 'log.restored', existingState: 'state-2' }),
    ]
    adopted.resourceCountIs('AWS::DynamoDB::Table', 0)
    const arnOf = (name: string) => ({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':dynamodb:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          `:table/${name}`,
        ],
      ],
    })
    adopted.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query'],
            Resource: arnOf('log.restored'),
          }),
        ]),
      },
    })
    const actions = (template: Template) => [...JSON.stringify(template.toJSON()).matchAll(/"dynamodb:\w+"/g)].length
    expect(actions(adopted)).toBe(actions(created))
    for (const index of ['log.restored/index/timeline', 'state-2/index/listing', 'state-2/index/visits']) {
      expect(JSON.stringify(adopted.findResources('AWS::IAM::Policy'))).toContain(`:table/${index}`)
    }
    adopted.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { EVENT_LOG_TABLE: 'log.restored', STATE_TABLE: 'state-2' } },
    })
  })

  it('adopts a table of the same app, and grants others access to its indexes', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Shop')
    const text = (name: string) => ({ name, type: AttributeType.STRING })
    const log = new Table(stack, 'Log', { partitionKey: text('stream'), sortKey: text('event_key') })
    const northbound = new Northbound(stack, 'Site', { existingEventLog: log.tableName })
    northbound.eventLog.grantReadData(new User(stack, 'Analyst'))
    const template = Template.fromStack(stack)
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { EVENT_LOG_TABLE: { Ref: Match.stringLikeRegexp('^Log') } } },
    })
    const policies = template.findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('^Analyst') },
    })
    expect(JSON.stringify(policies)).toContain('/index/*')
  })

  it('reserves concurrency for the receiver only, and only if asked to', () => {
    const reserved = (props: NorthboundProps) =>
      Object.values(stackWith(props).findResources('AWS::Lambda::Function')).flatMap(({ Properties }) =>
        Properties.ReservedConcurrentExecutions === undefined
          ? []
          : [[Properties.Description, Properties.ReservedConcurrentExecutions]],
      )
    expect(reserved({})).toEqual([])
    expect(reserved({ receiveConcurrency: 50 })).toEqual([[expect.stringMatching(/^Verifies callbacks/), 50]])
  })

  it('limits the concurrent batches and keeps the logs as the settings say', () => {
    const template = stackWith({ applyConcurrency: 5, logRetentionDays: 365 })
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 5 } })
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 })
  })

  it('deploys a distribution for plain HTTP that caches no errors and reaches only the callback path', () => {
    const template = stackWith({ legacyHttp: true })
    const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'))
    const { CustomErrorResponses, DefaultCacheBehavior, CacheBehaviors, Origins, IPV6Enabled } =
      distribution?.Properties.DistributionConfig ?? {}
    // The statuses that CloudFront caches for ten seconds by default (developer guide, "HTTP 4xx and 5xx status codes").
    const cached = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]
    expect(CustomErrorResponses).toEqual(cached.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })))
    expect(DefaultCacheBehavior.ViewerProtocolPolicy).toBe('allow-all')
    expect([CacheBehaviors, IPV6Enabled]).toEqual([undefined, false])
    expect(Origins).toMatchObject([
      { OriginPath: '/room_event_history', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
    ])
  })

  it('throttles the query routes but not the callback routes', () => {
    stackWith({ queriesPerSecond: 50 }).hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      RouteSettings: Object.fromEntries(
        ['/api/{proxy+}', '/console', '/console/{proxy+}'].map((path) => [
          `ANY ${path}`,
          { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
        ]),
      ),
      DefaultRouteSettings: Match.absent(),
    })
  })

  it('lets the query API write nothing, or only the numbers of queries if they are limited', () => {
    const writesOf = (template: Template) =>
      Object.values(template.findResources('AWS::IAM::Policy'))
        .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('QueryApi'))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .filter(({ Action }) => /Item$|Write/.test(String(Action)) && !/Get/.test(String(Action)))
    expect(writesOf(stackWith({}))).toEqual([])
    expect(writesOf(stackWith({ queriesPerSecond: 50 }))).toMatchObject([
      {
        Action: 'dynamodb:UpdateItem',
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['query-count'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ])
  })

  it('updates the consumer of the event queue before every function that sends to it', () => {
    const template = stackWith({})
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'))
    const consumer = functions.map(([id]) => id).find((id) => id.includes('ApplyEvents')) ?? ''
    const senders = Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('sqs:SendMessage'))
      .flatMap(({ Properties }) => Properties.Roles.map(({ Ref }: { Ref: string }) => Ref))
    const updated = functions.filter(([, { DependsOn }]) => DependsOn.includes(consumer))
    expect(updated.map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0]).sort()).toEqual(senders.sort())
    expect(senders).toHaveLength(4)
  })

  it('derives valid resource names from any construct id', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Shop')
    new Northbound(stack, 'box site.example', { legacyHttp: true })
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::OriginRequestPolicy', {
      OriginRequestPolicyConfig: { Name: { 'Fn::Join': ['', ['Shop-box-site-example-callbacks-', Match.anyValue()]] } },
    })
  })

  it('warns of a log that is kept for less than the six months that a law asks for', () => {
    const warningsWith = (retentionDays: number) => {
      const stack = new Stack(new App({ context: unbundled }), 'Shop')
      new Northbound(stack, 'Site', { retentionDays })
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('^retentionDays is 179: in mainland'))
    }
    expect(warningsWith(179)).toHaveLength(1)
    expect(warningsWith(180)).toHaveLength(0)
  })

  it('rejects invalid properties and properties that its region does not support', () => {
    expect(() => stackWith({ retentionDays: 0 })).toThrow('property "retentionDays": must be a whole number from 30')
    const inChina = new Stack(new App(), 'Shop', { env: { account: '123456789012', region: 'cn-north-1' } })
    expect(() => new Northbound(inChina, 'Northbound', { legacyHttp: true })).toThrow(
      'property "legacyHttp": CloudFront',
    )
  })
})
