import { z } from 'zod'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import type { EmulatedAlarm } from '../monitoring/alarm.ts'
import type { MinuteSummary } from '../monitoring/metric-history.ts'
import type { Monitor } from '../monitoring/monitor.ts'

const alarmsInput = z.object({
  AlarmNames: z.array(z.string()).optional(),
  AlarmNamePrefix: z.string().optional(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  MaxRecords: z.int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
})

const statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const

const statisticsInput = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  /** Epoch seconds. */
  StartTime: z.number(),
  EndTime: z.number(),
  // The runner keeps no shorter periods.
  Period: z.int().min(60).multipleOf(60),
  Statistics: z.array(z.enum(statistics)).min(1),
})

const namesInput = z.object({ AlarmNames: z.array(z.string()) })

const maxDatapoints = 1440

/** Emulates the actions of CloudWatch that describe alarms, switch their actions, and return the statistics of a metric. */
export class CloudWatch implements AwsService {
  readonly #monitor: Monitor

  constructor(monitor: Monitor) {
    this.#monitor = monitor
  }

  permissions({ action }: AwsCall) {
    return [{ action: `cloudwatch:${action}`, resource: '*' }]
  }

  async handle(call: AwsCall): Promise<AwsResponse> {
    try {
      return this.#respond(call)
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      return awsError(call, 400, 'InvalidParameterValue', z.prettifyError(error))
    }
  }

  #respond(call: AwsCall): AwsResponse {
    switch (call.action) {
      case 'DescribeAlarms':
        return this.#describeAlarms(call)
      case 'GetMetricStatistics':
        return this.#readStatistics(call)
      case 'DisableAlarmActions':
      case 'EnableAlarmActions': {
        const { AlarmNames } = namesInput.parse(call.input)
        for (const alarm of this.#monitor.alarms)
          if (AlarmNames.includes(alarm.definition.name)) alarm.actionsEnabled = call.action === 'EnableAlarmActions'
        return createResponse({})
      }
      default:
        return awsError(call, 400, 'UnknownOperationException', `the local runner does not emulate ${call.action}`)
    }
  }

  #describeAlarms(call: AwsCall): AwsResponse {
    const { AlarmNames, AlarmNamePrefix, StateValue, MaxRecords, NextToken } = alarmsInput.parse(call.input)
    if (AlarmNames !== undefined && AlarmNamePrefix !== undefined)
      return awsError(call, 400, 'InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix exclude each other')
    const found = this.#monitor.alarms
      .filter(({ definition: { name } }) => AlarmNames === undefined || AlarmNames.includes(name))
      .filter(({ definition: { name } }) => name.startsWith(AlarmNamePrefix ?? ''))
      .filter(({ status }) => StateValue === undefined || status.state === StateValue)
    const start = NextToken === undefined ? 0 : Number(NextToken)
    const end = start + MaxRecords
    return createResponse({
      MetricAlarms: found.slice(start, end).map(describeAlarm),
      CompositeAlarms: [],
      ...(end < found.length && { NextToken: String(end) }),
    })
  }

  #readStatistics(call: AwsCall): AwsResponse {
    const { Namespace, MetricName, Dimensions, StartTime, EndTime, Period, Statistics } = statisticsInput.parse(
      call.input,
    )
    if (StartTime >= EndTime)
      return awsError(
        call,
        400,
        'InvalidParameterValue',
        'The parameter StartTime must be less than the parameter EndTime.',
      )
    if ((EndTime - StartTime) / Period > maxDatapoints)
      return awsError(call, 400, 'InvalidParameterCombination', `more than ${maxDatapoints} datapoints are requested`)
    const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]))
    const metric = { namespace: Namespace, name: MetricName, dimensions }
    // CloudWatch rounds the start down to the minute.
    const fromMs = Math.floor(StartTime / 60) * 60_000
    const periods = this.#monitor.history.list(metric, fromMs, EndTime * 1000, Period)
    return createResponse({
      Label: MetricName,
      Datapoints: periods.map((period) => ({
        Timestamp: period.startMs / 1000,
        Unit: 'None',
        ...Object.fromEntries(Statistics.map((statistic) => [statistic, readStatistic(period, statistic)])),
      })),
    })
  }
}

function describeAlarm({ definition, status, actionsEnabled }: EmulatedAlarm) {
  const { rule } = definition
  return {
    AlarmName: definition.name,
    AlarmArn: definition.arn,
    AlarmDescription: definition.description,
    ActionsEnabled: actionsEnabled,
    AlarmActions: definition.actions.ALARM,
    OKActions: definition.actions.OK,
    InsufficientDataActions: definition.actions.INSUFFICIENT_DATA,
    StateValue: status.state,
    StateReason: status.reason,
    StateUpdatedTimestamp: status.sinceMs / 1000,
    ComparisonOperator: rule.comparison,
    Threshold: rule.threshold,
    EvaluationPeriods: rule.evaluationPeriods,
    DatapointsToAlarm: rule.datapointsToAlarm,
    TreatMissingData: rule.missingData,
  }
}

function readStatistic({ sum, count, minimum, maximum }: MinuteSummary, statistic: (typeof statistics)[number]) {
  return { SampleCount: count, Average: sum / count, Sum: sum, Minimum: minimum, Maximum: maximum }[statistic]
}

function createResponse(output: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) }
}
