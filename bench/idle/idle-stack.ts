import { z } from 'zod'
import type { TemplateResource } from '../bundles.ts'

/** What a stack has that costs without a single event. */
export type IdleStack = {
  readonly alarms: readonly { readonly name: string; readonly metrics: number }[]
  readonly dashboards: readonly { readonly id: string; readonly metrics: number }[]
  readonly secrets: number
  readonly keys: number
  /** Queues that Lambda polls. */
  readonly polledQueues: number
  readonly schedules: readonly IdleSchedule[]
}

export type IdleSchedule = {
  /** The last segment of the construct path of the function. */
  readonly functionName: string
  readonly periodMinutes: number
  readonly memoryGb: number
  /** Whether Lambda logs the start and the end of each invocation. */
  readonly logsInvocations: boolean
}

const alarmSchema = z.object({
  AlarmName: z.string(),
  Period: z.int().min(60).optional(),
  Metrics: z
    .array(z.object({ MetricStat: z.object({ Period: z.int().min(60) }).optional() }))
    .default([{ MetricStat: { Period: 60 } }]),
})
const scheduleSchema = z.object({
  ScheduleExpression: z.string().regex(/^rate\(\d+ minutes?\)$/),
  Target: z.object({ Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) }),
})
const functionSchema = z.object({
  MemorySize: z.number(),
  LoggingConfig: z.object({ SystemLogLevel: z.enum(['DEBUG', 'INFO', 'WARN']) }),
})
const dashboardSchema = z.object({
  DashboardBody: z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.union([z.string(), z.unknown()]))]) }),
})
const bodySchema = z.object({
  widgets: z.array(z.object({ properties: z.object({ metrics: z.array(z.array(z.unknown())).default([]) }) })),
})

/**
 * @param resources the resources of the template by type.
 * @throws z.ZodError if an alarm has high resolution, or a schedule is not a rate in minutes: these are not priced.
 */
export function readIdleStack(resources: (type: string) => readonly TemplateResource[]): IdleStack {
  const functions = resources('AWS::Lambda::Function')
  return {
    alarms: resources('AWS::CloudWatch::Alarm').map(({ properties }) => {
      const { AlarmName: name, Metrics } = alarmSchema.parse(properties)
      return { name, metrics: Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length }
    }),
    dashboards: resources('AWS::CloudWatch::Dashboard').map(({ id, properties }) => ({
      id,
      metrics: countDashboardMetrics(properties),
    })),
    secrets: resources('AWS::SecretsManager::Secret').length,
    keys: resources('AWS::KMS::Key').length,
    polledQueues: resources('AWS::Lambda::EventSourceMapping').length,
    schedules: resources('AWS::Scheduler::Schedule').map(({ properties }) => readSchedule(properties, functions)),
  }
}

function readSchedule(properties: unknown, functions: readonly TemplateResource[]): IdleSchedule {
  const { ScheduleExpression, Target } = scheduleSchema.parse(properties)
  const [functionId] = Target.Arn['Fn::GetAtt']
  const target = functions.find(({ id }) => id === functionId)
  if (target === undefined) throw new Error(`the template has no function ${functionId}`)
  const { MemorySize, LoggingConfig } = functionSchema.parse(target.properties)
  return {
    functionName: target.path.split('/').at(-2) ?? target.id,
    periodMinutes: Number(/\d+/.exec(ScheduleExpression)?.[0]),
    memoryGb: MemorySize / 1024,
    logsInvocations: LoggingConfig.SystemLogLevel !== 'WARN',
  }
}

/** The number of different metrics, without expressions. */
function countDashboardMetrics(properties: unknown): number {
  const [, parts] = dashboardSchema.parse(properties).DashboardBody['Fn::Join']
  const body = parts.map((part) => (typeof part === 'string' ? part : 'name')).join('')
  const { widgets } = bodySchema.parse(JSON.parse(body))
  const names = widgets.flatMap(({ properties: { metrics } }) => {
    let previous: unknown[] = []
    return metrics.flatMap((metric) => {
      // A dot repeats the field of the metric before.
      const named = metric.map((field, index) => (field === '.' ? previous[index] : field))
      previous = named
      return typeof metric[0] === 'string' ? named.filter((field) => typeof field === 'string').join('\n') : []
    })
  })
  return new Set(names).size
}
