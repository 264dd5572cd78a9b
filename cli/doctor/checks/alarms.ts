import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'
import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

const { ok, problem } = findingsOf('alarms')

/** Whether all alarms of the stack exist, are switched on, and none has gone off. */
export function alarmsCheck({ installation, facts }: StackAccess): Check {
  return {
    name: 'alarms',
    async run(signal) {
      const names = await facts.listAlarmNames()
      const client = new CloudWatchClient(installation.clients)
      const alarms: MetricAlarm[] = []
      for await (const { MetricAlarms } of paginateDescribeAlarms(
        { client },
        { AlarmNamePrefix: `${installation.stackName}-` },
      )) {
        signal.throwIfAborted()
        alarms.push(...(MetricAlarms ?? []))
      }
      return checkAlarms(installation.stackName, names, alarms)
    },
  }
}

/** @param names of the alarms in the stack. */
export function checkAlarms(stackName: string, names: readonly string[], alarms: readonly MetricAlarm[]): Finding[] {
  const byName = new Map(alarms.map((alarm) => [alarm.AlarmName, alarm]))
  const headingOf = (name: string) => `docs/runbook.md#${name.slice(stackName.length + 1)}`
  const findings = names.flatMap((name): Finding[] => {
    const alarm = byName.get(name)
    if (alarm === undefined)
      return [
        problem(
          { en: `the alarm ${name} has been deleted`, zh: `告警 ${name} 已被删除` },
          {
            next: {
              en: 'npx cdk drift shows what was changed; deploy again.',
              zh: '用 npx cdk drift 查看改动，然后重新部署。',
            },
            page: 'docs/upgrade.md#steps',
          },
        ),
      ]
    const isSilent = alarm.ActionsEnabled === false || (alarm.AlarmActions ?? []).length === 0
    return [
      ...(isSilent
        ? [
            problem(
              {
                en: `the alarm ${name} sends no notifications: its actions are disabled`,
                zh: `告警 ${name} 的动作已停用，不会发出通知`,
              },
              {
                next: {
                  en: `aws cloudwatch enable-alarm-actions --alarm-names ${name}`,
                  zh: `aws cloudwatch enable-alarm-actions --alarm-names ${name}`,
                },
                page: headingOf(name),
              },
            ),
          ]
        : []),
      ...(alarm.StateValue === 'ALARM'
        ? [
            problem(
              { en: `the alarm ${name} has gone off`, zh: `告警 ${name} 已触发` },
              {
                next: { en: 'Follow its heading in the runbook.', zh: '请按处理手册中对应的小节处理。' },
                page: headingOf(name),
              },
            ),
          ]
        : []),
    ]
  })
  if (findings.length > 0) return findings
  return [
    ok({
      en: `all ${names.length} alarms are on and none has gone off`,
      zh: `全部 ${names.length} 个告警均已启用，且未触发`,
    }),
  ]
}
