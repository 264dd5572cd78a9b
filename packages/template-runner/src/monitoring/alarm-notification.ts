import type { AlarmStateChange } from './alarm.ts'

/** CloudWatch keeps subjects within the limit of SNS, which is less than 100 characters. */
const maxSubjectLength = 99

/** Texts of a notification by protocol; `default` is for all protocols without a text of their own. */
export type NotificationTexts = { default: string } & Record<string, string>

/** Returns the subject that CloudWatch gives the notification. */
export function alarmSubject({ alarm, to }: AlarmStateChange): string {
  return `${to}: "${alarm.name}" in US East (N. Virginia)`.slice(0, maxSubjectLength)
}

/** Returns the texts that CloudWatch publishes: JSON for programs, prose for e-mails, only the subject for SMS. */
export function alarmTexts(change: AlarmStateChange): NotificationTexts {
  const { alarm, to, reason } = change
  const email = `The alarm "${alarm.name}" is in the state ${to}: ${reason}\n\n${alarm.description}\n`
  return { default: alarmMessage(change), email, sms: alarmSubject(change) }
}

/** Returns the JSON document that CloudWatch publishes. */
function alarmMessage({ alarm, from, to, reason, changedAtMs }: AlarmStateChange): string {
  const [, , , region, accountId] = alarm.arn.split(':')
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, missingData } = alarm.rule
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: new Date(changedAtMs).toISOString(),
    NewStateValue: to,
    NewStateReason: `Threshold Crossed: ${reason}`,
    StateChangeTime: new Date(changedAtMs).toISOString(),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: from,
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
