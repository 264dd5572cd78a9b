import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { installationName } from './installation-name.ts'

/** What the alarm means for users and operators, not which metric crossed which threshold. */
export interface AlarmImpact {
  readonly chinese: string
  readonly english: string
}

export interface RunbookAlarmProps {
  readonly topic: sns.ITopic
  readonly metric: cloudwatch.IMetric
  /** The alarm fires at this value or above, in the unit of the metric. */
  readonly threshold: number
  /** @default 1 */
  readonly evaluationPeriods?: number
  /** How many of the evaluation periods must breach. @default all */
  readonly datapointsToAlarm?: number
  readonly impact: AlarmImpact
}

/**
 * An alarm whose description states its impact and links the runbook.
 *
 * Its id in kebab case is its heading in `docs/runbook.md` and `docs/runbook.zh-CN.md`; the alarm's name is the installation's name and that heading.
 */
export class RunbookAlarm extends cloudwatch.Alarm {
  /** The name as text, whereas `alarmName` is a reference to the resource. */
  readonly fixedName: string

  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    const { impact, datapointsToAlarm } = props
    const heading = id.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
    const alarmName = `${installationName(scope)}-${heading}`
    super(scope, id, {
      alarmName,
      alarmDescription: [
        `影响：${impact.chinese}`,
        `Impact: ${impact.english}`,
        `处理：docs/runbook.zh-CN.md#${heading}`,
        `What to do: docs/runbook.md#${heading}`,
      ].join('\n'),
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
      // An idle installation reports no data, which is not a fault.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
    this.fixedName = alarmName
    this.addAlarmAction(new SnsAction(props.topic))
  }
}
