import { z } from 'zod'

/** What a template has to say, so that what would go wrong in an account goes wrong here. */

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
})
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) })
type Resource = z.output<typeof resourceSchema> & { readonly id: string }

type Rule = (resources: Resources, template: unknown) => string[]

type Resources = {
  of(type: string): Resource[]
  /** The resource that a `Ref` or `Fn::GetAtt` points to. */
  behind(reference: unknown): Resource | undefined
}

/** @returns what is wrong, each finding naming the rule and the resource; nothing where all is right. */
export function findings(template: unknown): string[] {
  const { Resources } = templateSchema.parse(template)
  const all = Object.entries(Resources).map(([id, resource]) => ({ id, ...resource }))
  const resources: Resources = {
    of: (type) => all.filter(({ Type }) => Type === type),
    behind: (reference) => all.find(({ id }) => id === idIn(reference)),
  }
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(resources, template).map((finding) => `${name}: ${finding}`),
  )
}

function idIn(reference: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = z
    .object({ Ref: z.string().optional(), 'Fn::GetAtt': z.array(z.string()).optional() })
    .catch({})
    .parse(reference)
  return Ref ?? attribute?.[0]
}

const numberOf = (resource: Resource | undefined, property: string) => Number(resource?.Properties[property] ?? 0)

const statementSchema = z.object({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]).transform((actions) => [actions].flat()),
  Resource: z.unknown().transform((given) => [given].flat()),
  Condition: z.unknown(),
})
const policySchema = z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema.partial()) }) })
const statementsOf = (resource: Resource) => policySchema.parse(resource.Properties).PolicyDocument.Statement

const deniesPlainHttp = (resource: Resource) =>
  statementsOf(resource).some(
    ({ Effect, Condition }) =>
      Effect === 'Deny' && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  )

/** Resources that no policy of that type protects from plain HTTP. */
const unprotected = (resources: Resources, type: string, policyType: string, target: string) =>
  resources
    .of(type)
    .filter(
      ({ id }) =>
        !resources
          .of(policyType)
          .some(
            (policy) => [policy.Properties[target]].flat().some((one) => idIn(one) === id) && deniesPlainHttp(policy),
          ),
    )
    .map(({ id }) => `${id} accepts plain HTTP`)

const dimensionsSchema = z.object({
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
})

/** Whether an alarm watches that figure of the resource. */
const isWatched = (resources: Resources, metric: string, id: string) =>
  resources
    .of('AWS::CloudWatch::Alarm')
    .some(
      ({ Properties }) =>
        Properties.MetricName === metric &&
        dimensionsSchema.parse(Properties).Dimensions.some(({ Value }) => idIn(Value) === id),
    )

/** Lambda's own on network interfaces: they do not exist yet, and what is described cannot be named. */
const isOfNetwork = (action: string) =>
  /^ec2:((Create|Delete|Describe)NetworkInterfaces?|DescribeSubnets|(Una|A)ssignPrivateIpAddresses)$/.test(action)

const rules: Readonly<Record<string, Rule>> = {
  'visibility timeout': (resources) =>
    resources.of('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
      const [queue, consumer] = ['EventSourceArn', 'FunctionName'].map((name) =>
        resources.behind(mapping.Properties[name]),
      )
      const least = 6 * numberOf(consumer, 'Timeout') + numberOf(mapping, 'MaximumBatchingWindowInSeconds')
      const seconds = numberOf(queue, 'VisibilityTimeout')
      return seconds < least
        ? [`${queue?.id} hides messages for ${seconds} s, less than the ${least} s that ${consumer?.id} may need`]
        : []
    }),

  'dead messages': (resources) =>
    resources.of('AWS::SQS::Queue').flatMap((queue) => {
      const redrive = z.object({ deadLetterTargetArn: z.unknown() }).safeParse(queue.Properties.RedrivePolicy).data
      if (redrive === undefined) return []
      const deadLetters = resources.behind(redrive.deadLetterTargetArn)
      return numberOf(deadLetters, 'MessageRetentionPeriod') > numberOf(queue, 'MessageRetentionPeriod')
        ? []
        : [`${deadLetters?.id} keeps messages no longer than ${queue.id}`]
    }),

  batches: (resources) =>
    resources.of('AWS::Lambda::EventSourceMapping').flatMap(({ id, Properties }) => {
      const { MaximumConcurrency: most } = z
        .object({ MaximumConcurrency: z.number().optional() })
        .catch({})
        .parse(Properties.ScalingConfig)
      const reserved = resources.behind(Properties.FunctionName)?.Properties.ReservedConcurrentExecutions
      const partial = z.array(z.string()).catch([]).parse(Properties.FunctionResponseTypes)
      return [
        ...(partial.includes('ReportBatchItemFailures') ? [] : [`${id} tries whole batches again`]),
        ...(most === undefined ? [`${id} bounds no concurrency`] : []),
        ...(most !== undefined && typeof reserved === 'number' && most > reserved
          ? [`${id} runs ${most} batches at once, of which the function reserves ${reserved}`]
          : []),
      ]
    }),

  'plain HTTP': (resources) => [
    ...unprotected(resources, 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'),
    ...unprotected(resources, 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'),
  ],

  encryption: (resources) => [
    ...resources
      .of('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.SqsManagedSseEnabled !== true && Properties.KmsMasterKeyId === undefined)
      .map(({ id }) => `${id} is not encrypted`),
    ...resources
      .of('AWS::SNS::Topic')
      .filter(({ Properties }) => Properties.KmsMasterKeyId === undefined)
      .map(({ id }) => `${id} is not encrypted`),
  ],

  'kept data': (resources) =>
    resources.of('AWS::DynamoDB::Table').flatMap(({ id, Properties, DeletionPolicy, UpdateReplacePolicy }) => {
      const { PointInTimeRecoveryEnabled } = z
        .object({ PointInTimeRecoveryEnabled: z.boolean().default(false) })
        .catch({ PointInTimeRecoveryEnabled: false })
        .parse(Properties.PointInTimeRecoverySpecification)
      return [
        ...(PointInTimeRecoveryEnabled ? [] : [`${id} cannot be recovered to a point in time`]),
        ...(Properties.DeletionProtectionEnabled === true ? [] : [`${id} is not protected from deletion`]),
        ...(DeletionPolicy === 'Retain' && UpdateReplacePolicy === 'Retain' ? [] : [`${id} goes with the stack`]),
      ]
    }),

  logs: (resources) => [
    ...resources
      .of('AWS::Logs::LogGroup')
      .filter(({ Properties }) => Properties.RetentionInDays === undefined)
      .map(({ id }) => `${id} keeps logs for ever`),
    ...resources
      .of('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.LoggingConfig === undefined)
      .map(({ id }) => `${id} logs to a group that Lambda makes, which keeps them for ever`),
  ],

  grants: (resources) =>
    resources
      .of('AWS::IAM::Policy')
      .flatMap((policy) =>
        statementsOf(policy).flatMap(({ Action = [], Resource = [] }) => [
          ...Action.filter((action) => action.includes('*')).map((action) => `${policy.id} allows ${action}`),
          ...Resource.filter((resource) => JSON.stringify(resource).includes('*') && !Action.every(isOfNetwork)).map(
            (resource) => `${policy.id} allows ${Action.join()} on ${JSON.stringify(resource)}`,
          ),
        ]),
      ),

  alarms: (resources) => [
    ...resources
      .of('AWS::Lambda::Function')
      .flatMap(({ id }) =>
        ['Errors', 'Throttles'].flatMap((metric) =>
          isWatched(resources, metric, id) ? [] : [`no alarm on ${metric} of ${id}`],
        ),
      ),
    ...resources
      .of('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.RedrivePolicy === undefined)
      .flatMap(({ id }) =>
        isWatched(resources, 'ApproximateNumberOfMessagesVisible', id) ? [] : [`no alarm on visible messages of ${id}`],
      ),
    ...resources
      .of('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties.TreatMissingData === undefined)
      .map(({ id }) => `${id} does not say what missing data means`),
  ],

  schedules: (resources) =>
    resources
      .of('AWS::Scheduler::Schedule')
      .filter(({ Properties }) => !JSON.stringify(Properties.Target).includes('"MaximumRetryAttempts":0'))
      .map(({ id }) => `${id} repeats what fails`),

  partitions: (_resources, template) =>
    // The certificate is one that whoever deploys it gave.
    [...JSON.stringify(template).matchAll(/"(?!arn:aws:acm:)[^"]*arn:aws:[^"]*"/g)].map(
      ([text]) => `${text} names a partition`,
    ),
}
