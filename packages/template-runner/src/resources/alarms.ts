import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { AlarmDefinition, Term } from '../monitoring/alarm.ts'
import { isStatistic, type MetricQuery } from '../monitoring/metric-store.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/read-stack.ts'
import { readProperties, unused } from './properties.ts'

const dimensions = z
  .array(z.strictObject({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])))

const metricDataQuery = z.strictObject({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
      Period: z.coerce.number().int().min(1),
      Stat: z.string(),
      Unit: unused,
    })
    .optional(),
  ReturnData: z.boolean().default(true),
  Period: unused,
  Label: unused,
})

const alarmSchema = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().default(''),
  ActionsEnabled: z.boolean().default(true),
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  InsufficientDataActions: z.array(z.string()).default([]),
  ComparisonOperator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  EvaluationPeriods: z.coerce.number().int().min(1),
  DatapointsToAlarm: z.coerce.number().int().min(1).optional(),
  Threshold: z.coerce.number(),
  TreatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensions,
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.coerce.number().int().min(1).optional(),
  Metrics: z.array(metricDataQuery).default([]),
  Unit: unused,
  Tags: unused,
})
type Properties = z.output<typeof alarmSchema>

/** The figures of AWS's own that this machine has; those of other namespaces come from the functions' logs. */
const figures: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda': ['Invocations', 'Errors', 'Throttles', 'Duration'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
  // Nothing that goes to the outbox fails.
  'AWS/SNS': ['NumberOfNotificationsFailed'],
}

export const alarm: ResourceKind = {
  type: 'AWS::CloudWatch::Alarm',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('AlarmName') ?? `${stackName}-${logicalId}`
    return { ref: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` } }
  },
  async create(resources, account) {
    for (const resource of resources) account.monitor.add(await readAlarm(resource, account))
  },
}

async function readAlarm(resource: Resource, account: EmulatedAccount): Promise<AlarmDefinition> {
  const { logicalId, identity } = resource
  const properties = readProperties(alarmSchema, resource)
  const terms = readTerms(logicalId, properties)
  for (const { query } of terms) checkFigure(logicalId, query)
  const [first] = terms
  if (!first) throw new StartupError(`${logicalId}: the alarm watches nothing`)
  const arn = identity.attributes.Arn ?? ''
  const actions = properties.ActionsEnabled
    ? {
        ALARM: properties.AlarmActions,
        OK: properties.OKActions,
        INSUFFICIENT_DATA: properties.InsufficientDataActions,
      }
    : { ALARM: [], OK: [], INSUFFICIENT_DATA: [] }
  for (const topicArn of new Set(Object.values(actions).flat())) await checkAction(logicalId, arn, topicArn, account)
  return {
    name: identity.ref,
    arn,
    description: properties.AlarmDescription,
    rule: {
      comparison: properties.ComparisonOperator,
      threshold: properties.Threshold,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
      missingData: properties.TreatMissingData,
    },
    terms,
    periodSeconds: first.query.periodSeconds,
    actions,
  }
}

function readTerms(logicalId: string, properties: Properties): Term[] {
  const { Namespace, MetricName, Period, Metrics, Dimensions } = properties
  if (Metrics.length === 0) {
    const statistic = properties.ExtendedStatistic ?? properties.Statistic ?? ''
    if (Namespace === undefined || MetricName === undefined || Period === undefined) return []
    const query = { namespace: Namespace, name: MetricName, dimensions: Dimensions, statistic, periodSeconds: Period }
    return [{ query, fill: undefined }]
  }
  const queries = new Map(
    Metrics.flatMap(({ Id, MetricStat }): [string, MetricQuery][] => {
      if (!MetricStat) return []
      const { Metric, Period: periodSeconds, Stat: statistic } = MetricStat
      const { Namespace: namespace, MetricName: name, Dimensions: own } = Metric
      return [[Id, { namespace, name, dimensions: own, statistic, periodSeconds }]]
    }),
  )
  const [watched, ...others] = Metrics.filter(({ ReturnData }) => ReturnData)
  if (!watched || others.length > 0) throw new StartupError(`${logicalId}: the alarm must watch one of its Metrics`)
  return (watched.Expression ?? watched.Id).split('+').map((text) => {
    const [, filled, value] = /^FILL\((\w+), ?(-?[\d.]+)\)$/.exec(text.trim()) ?? []
    const query = queries.get(filled ?? text.trim())
    if (query) return { query, fill: value === undefined ? undefined : Number(value) }
    throw new StartupError(`${logicalId}: the local runner plays sums of metrics and FILL(metric, number), not ${text}`)
  })
}

function checkFigure(logicalId: string, { namespace, name, statistic }: MetricQuery): void {
  if (!isStatistic(statistic)) throw new StartupError(`${logicalId}: the local runner does not know ${statistic}`)
  if (!namespace.startsWith('AWS/') || figures[namespace]?.includes(name)) return
  throw new StartupError(`${logicalId}: the local runner has no figure ${name} of ${namespace}`)
}

/** Once a topic has a policy, it takes from CloudWatch only what that allows. */
async function checkAction(logicalId: string, alarmArn: string, topicArn: string, account: EmulatedAccount) {
  if (!account.stack.of('AWS::SNS::Topic').some(({ identity }) => identity.ref === topicArn)) {
    throw new StartupError(`${logicalId}: there is no topic ${topicArn}`)
  }
  if (!account.access.hasPolicy(topicArn)) return
  if (await account.access.allowsService('cloudwatch.amazonaws.com', alarmArn, 'sns:Publish', topicArn)) return
  throw new StartupError(`${logicalId}: no policy of ${topicArn} lets cloudwatch.amazonaws.com publish for ${alarmArn}`)
}
