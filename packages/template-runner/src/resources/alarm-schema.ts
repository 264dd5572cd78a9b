import { z } from 'zod'
import { unused } from './properties.ts'

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

/** The properties of `AWS::CloudWatch::Alarm`. */
export const alarmSchema = z.strictObject({
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

export type AlarmProperties = z.output<typeof alarmSchema>
