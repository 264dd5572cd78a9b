import type { AlarmTerm } from '../monitoring/alarm.ts'
import type { MetricQuery } from '../monitoring/metric-store.ts'
import { isStatistic } from '../monitoring/statistics.ts'
import { StartupError } from '../startup-error.ts'
import type { AlarmProperties } from './alarm-schema.ts'

/** The AWS metrics that the runner emits. Metrics of other namespaces come from the functions' logs. */
const awsMetrics: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda': ['Invocations', 'Errors', 'Throttles', 'Duration', 'AsyncEventsDropped'],
  'AWS/SQS': [
    'ApproximateNumberOfMessagesVisible',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
    'ApproximateAgeOfOldestMessage',
    'ApproximateNumberOfNoisyGroups',
    'ApproximateNumberOfMessagesVisibleInQuietGroups',
    'ApproximateNumberOfMessagesNotVisibleInQuietGroups',
    'ApproximateNumberOfMessagesDelayedInQuietGroups',
    'ApproximateAgeOfOldestMessageInQuietGroups',
  ],
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
  // Never emitted: deliveries to the outbox do not fail.
  'AWS/SNS': ['NumberOfNotificationsFailed'],
}

/**
 * Reads the terms whose sum an alarm watches: its metric, or a sum of its `Metrics`.
 *
 * @throws StartupError if the runner does not emulate a metric, a statistic or the expression.
 */
export function readTerms(logicalId: string, properties: AlarmProperties): AlarmTerm[] {
  const terms =
    properties.Metrics.length === 0 ? readSingleMetric(properties) : readExpression(logicalId, properties.Metrics)
  for (const { query } of terms) checkMetric(logicalId, query)
  return terms
}

function readSingleMetric(properties: AlarmProperties): AlarmTerm[] {
  const { Namespace, MetricName, Period, Dimensions } = properties
  const statistic = properties.ExtendedStatistic ?? properties.Statistic ?? ''
  if (Namespace === undefined || MetricName === undefined || Period === undefined) return []
  const query = { namespace: Namespace, name: MetricName, dimensions: Dimensions, statistic, periodSeconds: Period }
  return [{ query, fill: undefined }]
}

function readExpression(logicalId: string, metrics: AlarmProperties['Metrics']): AlarmTerm[] {
  const queries = readQueries(metrics)
  const [watched, ...others] = metrics.filter(({ ReturnData }) => ReturnData)
  if (!watched || others.length > 0) throw new StartupError(`${logicalId}: the alarm must watch one of its Metrics`)
  return (watched.Expression ?? watched.Id).split('+').map((text) => {
    const [, filled, value] = /^FILL\((\w+), ?(-?[\d.]+)\)$/.exec(text.trim()) ?? []
    const query = queries.get(filled ?? text.trim())
    if (query) return { query, fill: value === undefined ? undefined : Number(value) }
    throw new StartupError(
      `${logicalId}: the local runner emulates sums of metrics and FILL(metric, number), not ${text}`,
    )
  })
}

function readQueries(metrics: AlarmProperties['Metrics']): ReadonlyMap<string, MetricQuery> {
  return new Map(
    metrics.flatMap(({ Id, MetricStat }): [string, MetricQuery][] => {
      if (!MetricStat) return []
      const { Metric, Period: periodSeconds, Stat: statistic } = MetricStat
      const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = Metric
      return [[Id, { namespace, name, dimensions, statistic, periodSeconds }]]
    }),
  )
}

function checkMetric(logicalId: string, { namespace, name, statistic }: MetricQuery): void {
  if (!isStatistic(statistic)) throw new StartupError(`${logicalId}: the local runner does not know ${statistic}`)
  if (!namespace.startsWith('AWS/') || awsMetrics[namespace]?.includes(name)) return
  throw new StartupError(`${logicalId}: the local runner has no metric ${name} of ${namespace}`)
}
