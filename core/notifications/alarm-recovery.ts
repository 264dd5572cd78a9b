import { titleOfAlarm } from './alarm-titles.ts'
import {
  type Alert,
  bilingualEmail,
  formatClock,
  maxSmsLength,
  maxSubjectLength,
  toAsciiSubject,
  toPrintable,
  truncateStart,
} from './alert.ts'
import { type Bilingual, emailZones, timeFact } from './alert-text.ts'

/** A CloudWatch alarm that has returned from ALARM to OK. Times in ms since 1970. */
export type AlarmRecovery = {
  readonly name: string
  /** The alarm's description; lib/runbook-alarm.ts composes it. */
  readonly description: string
  /** When the alarm entered the state ALARM; undefined if CloudWatch does not say so. */
  readonly since: number | undefined
  readonly at: number
}

/**
 * The message that a CloudWatch alarm is over (docs/contract.md, section 7).
 *
 * @param installation the name of the installation, with which the names of its alarms begin.
 * @param timeZone IANA time zone of the readers.
 */
export function alarmAllClear(
  { name, description, since, at }: AlarmRecovery,
  installation: string,
  timeZone: string,
): Alert {
  const alarm = toPrintable(name)
  const title = titleOfAlarm(alarm, installation)
  const zones = emailZones(timeZone)
  const facts: Bilingual[] = [
    { chinese: `告警名称：${alarm}`, english: `Alarm: ${alarm}` },
    ...(since === undefined ? [] : [timeFact({ chinese: '告警时间', english: 'In alarm since' }, since, zones)]),
    timeFact({ chinese: '解除时间', english: 'All clear' }, at, zones),
  ]
  return {
    payload: {
      kind: 'all_clear',
      alarm: name,
      ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
      at: new Date(at).toISOString(),
    },
    subject: subjectText(alarm),
    email: bilingualEmail(
      [
        `叁体 AVD 告警解除：${title.chinese}`,
        '',
        ...facts.map(({ chinese }) => chinese),
        ...linesAfter('影响：', description).map((impact) => `告警时的影响：${impact}`),
      ],
      [
        `3TEE AVD all clear: ${title.english}`,
        '',
        ...facts.map(({ english }) => english),
        ...linesAfter('Impact: ', description).map((impact) => `What the alarm reported: ${impact}`),
      ],
    ),
    sms: smsText(title.chinese, at, timeZone),
  }
}

// The end of an alarm's name says what it is about.

function subjectText(alarm: string): string {
  const head = '[AVD] All clear: '
  return toAsciiSubject(`${head}${truncateStart(alarm, maxSubjectLength - head.length, '...')}`)
}

function smsText(title: string, at: number, timeZone: string): string {
  const head = `告警解除 ${formatClock(at, timeZone)}：`
  return `${head}${truncateStart(title, maxSmsLength - head.length)}`
}

/** The lines of a description that begin with a label, without it. */
function linesAfter(label: string, description: string): string[] {
  return description
    .split('\n')
    .filter((line) => line.startsWith(label))
    .map((line) => toPrintable(line.slice(label.length)))
}
