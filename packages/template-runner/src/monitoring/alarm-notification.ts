import type { AlarmStateChange } from './alarm.ts'

/** CloudWatch keeps subjects within the limit of SNS, which is less than 100 characters. */
const maxSubjectLength = 99

/** Texts of a notification by protocol; `default` is for all protocols without a text of their own. */
export type NotificationTexts = { default: string } & Record<string, string>

/** Returns the subject that CloudWatch gives the notification. */
export function alarmSubject({ alarm, after }: AlarmStateChange): string {
  return `${after.state}: "${alarm.name}" in US East (N. Virginia)`.slice(0, maxSubjectLength)
}

/** Returns the texts that CloudWatch publishes: JSON for programs, prose for e-mails, only the subject for SMS. */
export function alarmTexts(change: AlarmStateChange): NotificationTexts {
  const { alarm, after } = change
  const email = `The alarm "${alarm.name}" is in the state ${after.state}: ${after.reason}\n\n${alarm.description}\n`
  return { default: alarmMessage(change), email, sms: alarmSubject(change) }
}

/** Returns the JSON document that CloudWatch publishes. */
function alarmMessage({ alarm, before, after }: AlarmStateChange): string {
  const [, , , region, accountId] = alarm.arn.split(':')
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, missingData } = alarm.rule
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: new Date(after.sinceMs).toISOString(),
    NewStateValue: after.state,
    NewStateReason: `Threshold Crossed: ${after.reason}`,
    StateChangeTime: new Date(after.sinceMs).toISOString(),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: before.state,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: {
      Metrics: alarm.terms.map(({ query }) => query),
      Period: alarm.periodSeconds,
      EvaluationPeriods: evaluationPeriods,
      DatapointsToAlarm: datapointsToAlarm,
      ComparisonOperator: comparison,
      Threshold: threshold,
      TreatMissingData: missingData,
    },
  })
}
