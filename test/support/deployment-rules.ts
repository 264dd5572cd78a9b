import { z } from 'zod'
import {
  logicalIdIn,
  numberOf,
  parseTemplate,
  statementsOf,
  type TemplateResource,
  type TemplateResources,
} from './template-resources.ts'

/** Returns the findings in a template, which is passed parsed and raw. */
type TemplateRule = (resources: TemplateResources, template: unknown) => string[]

/**
 * Checks a template for mistakes that would otherwise show only in an account.
 *
 * @returns one line per finding with the rule and the resource; empty without findings.
 */
export function listFindings(template: unknown): string[] {
  const resources = parseTemplate(template)
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(resources, template).map((finding) => `${name}: ${finding}`),
  )
}

const deniesPlainHttp = (resource: TemplateResource) =>
  statementsOf(resource).some(
    ({ Effect, Condition }) =>
      Effect === 'Deny' && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  )

/** Resources without a policy that denies plain HTTP. */
const findUnprotected = (resources: TemplateResources, type: string, policyType: string, target: string) =>
  resources
    .ofType(type)
    .filter(
      ({ id }) =>
        !resources
          .ofType(policyType)
          .some(
            (policy) =>
              [policy.Properties[target]].flat().some((one) => logicalIdIn(one) === id) && deniesPlainHttp(policy),
          ),
    )
    .map(({ id }) => `${id} accepts plain HTTP`)

const dimensionsSchema = z.object({
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
})

/** Whether an alarm watches this metric of the resource. */
const isWatched = (resources: TemplateResources, metric: string, id: string) =>
  resources
    .ofType('AWS::CloudWatch::Alarm')
    .some(
      ({ Properties }) =>
        Properties.MetricName === metric &&
        dimensionsSchema.parse(Properties).Dimensions.some(({ Value }) => logicalIdIn(Value) === id),
    )

/** The resources through which AWS invokes a function or one of its versions. */
const invokerTypes = ['Permission', 'EventSourceMapping', 'Version'].map((kind) => `AWS::Lambda::${kind}`)

/** Whether something in the stack invokes the function. */
const isInvokedByStack = (resources: TemplateResources, id: string) =>
  invokerTypes.some((type) =>
    resources.ofType(type).some(({ Properties }) => logicalIdIn(Properties.FunctionName) === id),
  )

/** Lambda's actions on network interfaces, which cannot be restricted to resources. */
const isNetworkInterfaceAction = (action: string) =>
  /^ec2:((Create|Delete|Describe)NetworkInterfaces?|DescribeSubnets|(Una|A)ssignPrivateIpAddresses)$/.test(action)

/** Deletion policies under which a resource outlives its stack. */
const retains = /^Retain(ExceptOnCreate)?$/

const rules: Readonly<Record<string, TemplateRule>> = {
  'visibility timeout': (resources) =>
    resources.ofType('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
      const [queue, consumer] = ['EventSourceArn', 'FunctionName'].map((name) =>
        resources.resolve(mapping.Properties[name]),
      )
      const minSeconds = 6 * numberOf(consumer, 'Timeout') + numberOf(mapping, 'MaximumBatchingWindowInSeconds')
      const seconds = numberOf(queue, 'VisibilityTimeout')
      return seconds < minSeconds
        ? [`${queue?.id} hides messages for ${seconds} s, less than the ${minSeconds} s that ${consumer?.id} may need`]
        : []
    }),

  'dead letters': (resources) =>
    resources.ofType('AWS::SQS::Queue').flatMap((queue) => {
      const redrive = z.object({ deadLetterTargetArn: z.unknown() }).safeParse(queue.Properties.RedrivePolicy).data
      if (redrive === undefined) return []
      const deadLetters = resources.resolve(redrive.deadLetterTargetArn)
      return numberOf(deadLetters, 'MessageRetentionPeriod') > numberOf(queue, 'MessageRetentionPeriod')
        ? []
        : [`${deadLetters?.id} keeps messages no longer than ${queue.id}`]
    }),

  batches: (resources) =>
    resources.ofType('AWS::Lambda::EventSourceMapping').flatMap(({ id, Properties }) => {
      const { MaximumConcurrency: maxConcurrency } = z
        .object({ MaximumConcurrency: z.number().optional() })
        .catch({})
        .parse(Properties.ScalingConfig)
      const reserved = resources.resolve(Properties.FunctionName)?.Properties.ReservedConcurrentExecutions
      const partial = z.array(z.string()).catch([]).parse(Properties.FunctionResponseTypes)
      return [
        ...(partial.includes('ReportBatchItemFailures') ? [] : [`${id} retries whole batches`]),
        ...(maxConcurrency === undefined ? [`${id} does not limit concurrency`] : []),
        ...(maxConcurrency !== undefined && typeof reserved === 'number' && maxConcurrency > reserved
          ? [`${id} runs up to ${maxConcurrency} batches concurrently, but the function reserves ${reserved}`]
          : []),
      ]
    }),

  'plain HTTP': (resources) => [
    ...findUnprotected(resources, 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'),
    ...findUnprotected(resources, 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'),
  ],

  encryption: (resources) => [
    ...resources
      .ofType('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.SqsManagedSseEnabled !== true && Properties.KmsMasterKeyId === undefined)
      .map(({ id }) => `${id} is not encrypted`),
    ...resources
      .ofType('AWS::SNS::Topic')
      .filter(({ Properties }) => Properties.KmsMasterKeyId === undefined)
      .map(({ id }) => `${id} is not encrypted`),
  ],

  'retained data': (resources) =>
    resources.ofType('AWS::DynamoDB::Table').flatMap(({ id, Properties, DeletionPolicy, UpdateReplacePolicy }) => {
      const { PointInTimeRecoveryEnabled } = z
        .object({ PointInTimeRecoveryEnabled: z.boolean().default(false) })
        .catch({ PointInTimeRecoveryEnabled: false })
        .parse(Properties.PointInTimeRecoverySpecification)
      return [
        ...(PointInTimeRecoveryEnabled ? [] : [`${id} cannot be recovered to a point in time`]),
        // CloudFormation could not delete it if the first deployment fails.
        ...(Properties.DeletionProtectionEnabled === true ? [`${id} outlives a failed first deployment`] : []),
        ...(DeletionPolicy === 'Retain' ? [`${id} outlives a failed first deployment`] : []),
        ...(retains.test(String(DeletionPolicy)) && UpdateReplacePolicy === 'Retain'
          ? []
          : [`${id} is deleted with the stack`]),
      ]
    }),

  logs: (resources) => [
    ...resources
      .ofType('AWS::Logs::LogGroup')
      .filter(({ Properties }) => Properties.RetentionInDays === undefined)
      .map(({ id }) => `${id} keeps logs forever`),
    ...resources
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.LoggingConfig === undefined)
      .map(({ id }) => `${id} logs to the group that Lambda creates, which keeps logs forever`),
  ],

  grants: (resources) =>
    resources
      .ofType('AWS::IAM::Policy')
      .flatMap((policy) =>
        statementsOf(policy).flatMap(({ Action = [], Resource = [] }) => [
          ...Action.filter((action) => action.includes('*')).map((action) => `${policy.id} allows ${action}`),
          ...Resource.filter(
            (resource) => JSON.stringify(resource).includes('*') && !Action.every(isNetworkInterfaceAction),
          ).map((resource) => `${policy.id} allows ${Action.join()} on ${JSON.stringify(resource)}`),
        ]),
      ),

  alarms: (resources) => [
    ...resources
      .ofType('AWS::Lambda::Function')
      // Whoever invokes any other function, an operator for example, sees its errors.
      .filter(({ id }) => isInvokedByStack(resources, id))
      // Counts what failed or was throttled, after the retries of asynchronous invocations.
      .filter(({ id }) => !isWatched(resources, 'AsyncEventsDropped', id))
      .flatMap(({ id }) =>
        ['Errors', 'Throttles'].flatMap((metric) =>
          isWatched(resources, metric, id) ? [] : [`no alarm on ${metric} of ${id}`],
        ),
      ),
    ...resources
      .ofType('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.RedrivePolicy === undefined)
      .flatMap(({ id }) =>
        isWatched(resources, 'ApproximateNumberOfMessagesVisible', id) ? [] : [`no alarm on visible messages of ${id}`],
      ),
    ...resources
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties.TreatMissingData === undefined)
      .map(({ id }) => `${id} does not define how to treat missing data`),
  ],

  schedules: (resources) =>
    resources
      .ofType('AWS::Scheduler::Schedule')
      .filter(({ Properties }) => !JSON.stringify(Properties.Target).includes('"MaximumRetryAttempts":0'))
      .map(({ id }) => `${id} retries failed invocations`),

  partitions: (_resources, template) =>
    // The operator provides the certificate's ARN.
    [...JSON.stringify(template).matchAll(/"(?!arn:aws:acm:)[^"]*arn:aws:[^"]*"/g)].map(
      ([text]) => `${text} names a partition`,
    ),
}
