import { assumptions } from '../cost.ts'
import { prices } from '../prices.ts'
import type { IdleSchedule, IdleStack } from './idle-stack.ts'

/** What one scheduled invocation used in an idle run. */
export type IdleUsage = {
  readonly writes: number
  readonly reads: number
  readonly sqsRequests: number
  /** Whether the function reads a secret. It is cached for less than the period of a schedule. */
  readonly readsSecret: boolean
  readonly platformRequests: number
  /** Logged by the function itself. */
  readonly loggedBytes: number
}

export type CostLine = {
  readonly item: string
  /** USD a month. */
  readonly usd: number
  readonly reason: string
}

const hoursPerMonth = 730

/** Lambda polls a queue without messages with five requests at a time, of 20 s each. */
const pollsPerHour = 5 * (3600 / 20)

/** Response time of the platform, which may be in another place. */
const platformRequestMs = 100

/** CloudWatch adds so many bytes to each event of a log. */
const bytesPerLogEvent = 26

/**
 * The price of a month in which no callback comes, line by line.
 *
 * @param usage of each scheduled function, by its name.
 * @param customMetrics the metrics that the functions emitted in the idle run.
 */
export function costIdleMonth(
  stack: IdleStack,
  usage: ReadonlyMap<string, IdleUsage>,
  customMetrics: readonly string[],
): CostLine[] {
  const { month, perMillion } = prices
  const alarmMetrics = stack.alarms.reduce((sum, { metrics }) => sum + metrics, 0)
  return [
    {
      item: 'alarms',
      usd: alarmMetrics * month.alarmMetric,
      reason: `${stack.alarms.length} alarms watch ${alarmMetrics} metrics; each metric is billed`,
    },
    {
      item: 'secrets',
      usd: stack.secrets * month.secret,
      reason: `${stack.secrets} secrets, which operators change without a deployment`,
    },
    {
      item: 'key',
      usd: stack.keys * month.key,
      reason: `${stack.keys} key of the topics: alarms cannot publish to a topic with the key of SNS`,
    },
    {
      item: 'custom metrics',
      usd: customMetrics.length * month.customMetric,
      reason:
        customMetrics.length === 0
          ? 'none: the functions emit metrics only if there is something to count'
          : customMetrics.join(', '),
    },
    costDashboards(stack),
    {
      item: 'polling',
      usd: (stack.polledQueues * pollsPerHour * hoursPerMonth * perMillion.sqsRequests) / 1e6,
      reason: `Lambda polls ${stack.polledQueues} ${stack.polledQueues === 1 ? 'queue' : 'queues'}, ${pollsPerHour} times an hour`,
    },
    ...stack.schedules.map((schedule) => costSchedule(schedule, usage.get(schedule.functionName))),
  ]
}

function costDashboards({ dashboards }: IdleStack): CostLine {
  const { freeDashboards, month } = prices
  const isFree =
    dashboards.length <= freeDashboards.dashboards &&
    dashboards.every(({ metrics }) => metrics <= freeDashboards.metrics)
  const metrics = dashboards.map((dashboard) => dashboard.metrics).join(', ')
  return {
    item: 'dashboard',
    usd: isFree ? 0 : dashboards.length * month.dashboard,
    reason: isFree
      ? `${metrics} metrics: free as one of the first ${freeDashboards.dashboards} of an account, else ${month.dashboard}.00`
      : `${metrics} metrics`,
  }
}

/** @throws if no usage of the function was measured. */
export function costSchedule(
  { functionName, periodMinutes, memoryGb, logsInvocations }: IdleSchedule,
  usage: IdleUsage | undefined,
): CostLine {
  if (usage === undefined) throw new Error(`no usage of ${functionName} was measured`)
  const { perMillion, lambdaGbSecond, logsGb } = prices
  const invocations = (hoursPerMonth * 60) / periodMinutes
  const requests = usage.writes + usage.reads + usage.sqsRequests
  const seconds =
    (requests * (assumptions.requestMs + assumptions.cpuMsPerRequest) + usage.platformRequests * platformRequestMs) /
    1000
  const usdPerMillion =
    perMillion.scheduledInvocations +
    perMillion.lambdaRequests +
    usage.writes * perMillion.dynamodbWriteUnits +
    usage.reads * perMillion.dynamodbReadUnits +
    usage.sqsRequests * perMillion.sqsRequests +
    (usage.readsSecret ? perMillion.secretReads : 0)
  const lambdaBytes = logsInvocations ? assumptions.platformLogBytes + 4 * bytesPerLogEvent : 0
  const logGb = (usage.loggedBytes + lambdaBytes) / 1e9
  return {
    item: functionName,
    usd: invocations * (usdPerMillion / 1e6 + seconds * memoryGb * lambdaGbSecond + logGb * logsGb),
    reason: `every ${periodMinutes} min: ${describe(usage)}`,
  }
}

function describe(usage: IdleUsage): string {
  return [
    `writes ${usage.writes}`,
    `reads ${usage.reads}`,
    `requests to SQS ${usage.sqsRequests}`,
    `reads of a secret ${usage.readsSecret ? 1 : 0}`,
    `requests to the platform ${usage.platformRequests}`,
    `bytes of log ${usage.loggedBytes}`,
  ].join(', ')
}

/** One line each, with the total. */
export function formatIdleMonth(lines: readonly CostLine[]): string {
  const total = lines.reduce((sum, { usd }) => sum + usd, 0)
  const formatLine = (item: string, usd: number, reason: string) =>
    `  ${item.padEnd(24)}${usd.toFixed(2).padStart(6)}  ${reason}`.trimEnd()
  return [
    'USD for a month without a callback',
    ...lines.map(({ item, usd, reason }) => formatLine(item, usd, reason)),
    formatLine('total', total, ''),
  ].join('\n')
}
