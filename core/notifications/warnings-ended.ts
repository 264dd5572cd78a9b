import type { OpenWarning } from '../ports/open-warnings.ts'
import { type Alert, formatClock, toAsciiSubject, toPrintable, truncate } from './alert.ts'
import { type AlertText, emailZones, type ReaderZones, renderEmail, timeFact } from './alert-text.ts'
import type { WarningKind } from './warning-event.ts'

const maxSubjectBoxCodeLength = 30
const maxEmailIdLength = 200
const maxSmsBoxCodeLength = 20

/** What the all-clear of warnings says. Times in ms since 1970. */
export type WarningsEndedFacts = Pick<OpenWarning, 'kind' | 'since' | 'lastWarningAt'> & {
  /** Printable and truncated. */
  readonly boxCode: string
  readonly at: number
}

/**
 * The message that the warnings about a media server are over (docs/contract.md, section 7), see `isQuiet`.
 *
 * @param at ms since 1970.
 * @param timeZone IANA time zone of the readers.
 */
export function warningsEndedAlert(warning: OpenWarning, at: number, timeZone: string): Alert {
  const { kind, box_code, since, lastWarningAt } = warning
  const boxCode = toPrintable(box_code)
  const facts = { kind, since, lastWarningAt, boxCode: truncate(boxCode, maxEmailIdLength), at }
  const zones = emailZones(timeZone)
  const shortFacts = { ...facts, boxCode: truncate(boxCode, maxSubjectBoxCodeLength, '...') }
  const { chinese } = words[kind]
  const quiet = `${quietMinutes(facts)}分钟无新${chinese}`
  return {
    payload: {
      kind: 'all_clear',
      alert: kind,
      box_code,
      since: new Date(since).toISOString(),
      last_warning_at: new Date(lastWarningAt).toISOString(),
      at: new Date(at).toISOString(),
    },
    subject: toAsciiSubject(`[AVD] All clear: ${describeWarningsEnded(shortFacts, zones).summary.english}`),
    email: renderEmail(describeWarningsEnded(facts, zones)),
    sms: `告警解除 ${formatClock(at, timeZone)}：${truncate(boxCode, maxSmsBoxCodeLength)} ${quiet}`,
  }
}

const words: Readonly<Record<WarningKind, { readonly chinese: string; readonly english: string }>> = {
  port_check: { chinese: '端口告警', english: 'port warnings' },
  warning: { chinese: '告警', english: 'warnings' },
}

export function describeWarningsEnded(facts: WarningsEndedFacts, zones: ReaderZones): AlertText {
  const { kind, boxCode, since, lastWarningAt, at } = facts
  const { chinese, english } = words[kind]
  const minutes = quietMinutes(facts)
  return {
    title: { chinese: `${chinese}解除`, english: `no further ${english}` },
    summary: {
      chinese: `${boxCode}：${minutes} 分钟内没有新的${chinese}`,
      english: `${boxCode}: no further ${english} for ${minutes} minutes`,
    },
    facts: [
      { chinese: `媒体服务器：${boxCode}`, english: `Media server: ${boxCode}` },
      {
        chinese: `${minutes} 分钟内没有收到新的${chinese}。平台不会通知故障何时恢复，因此这是推断的结果。`,
        english: `No further ${english} for ${minutes} minutes. The platform does not report a recovery, so this one is inferred.`,
      },
      timeFact({ chinese: '首次告警', english: 'First warning' }, since, zones),
      timeFact({ chinese: '最近一次告警', english: 'Last warning' }, lastWarningAt, zones),
      timeFact({ chinese: '解除时间', english: 'All clear' }, at, zones),
    ],
    action: {
      chinese: '请确认平台（master）仍在运行：停止后它也不会上报告警。',
      english: 'Please check that the master is running: it sends no warnings while it is down.',
    },
    runbookHeading: kind === 'port_check' ? 'port-check' : undefined,
  }
}

function quietMinutes({ lastWarningAt, at }: Pick<WarningsEndedFacts, 'lastWarningAt' | 'at'>): number {
  return Math.floor((at - lastWarningAt) / 60_000)
}
