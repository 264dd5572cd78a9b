import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { installationName } from './installation-name.ts'

/** What it means for people, in their words; not which metric crossed which line. */
export interface Impact {
  readonly chinese: string
  readonly english: string
}

export interface AlarmProps {
  readonly topic: sns.ITopic
  readonly metric: cloudwatch.IMetric
  /** The alarm goes off at this value or above. */
  readonly threshold: number
  /** Of so many periods; all of them where `datapointsToAlarm` does not say fewer. Default 1. */
  readonly evaluationPeriods?: number
  readonly datapointsToAlarm?: number
  readonly impact: Impact
}

/**
 * An alarm that says its impact and where to read what to do: its id, as words with hyphens, is its name after
 * the installation's and its heading in the runbook.
 */
export class Alarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    const heading = id.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
    super(scope, id, {
      alarmName: `${installationName(scope)}-${heading}`,
      alarmDescription: `影响: ${props.impact.chinese}\nImpact: ${props.impact.english}\n处理 / what to do: docs/runbook.md#${heading}`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      ...(props.datapointsToAlarm === undefined ? {} : { datapointsToAlarm: props.datapointsToAlarm }),
      // Where nothing happens there is no figure, and nothing wrong.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
    this.addAlarmAction(new SnsAction(props.topic))
  }
}
