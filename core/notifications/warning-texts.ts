import type { Port } from '../protocol/events.ts'
import { formatClock, maxSmsLength, toPrintable, truncate } from './alert.ts'
import { type AlertText, type Bilingual, type ReaderZones, timeFact, timeLabel } from './alert-text.ts'
import type { WarningEvent } from './warning-event.ts'

/** Ports that a one-line summary lists. */
const maxSummaryPorts = 20
const maxSmsBoxCodeLength = 20

/** What an alert about a warning says. Texts are printable and truncated. */
export type WarningFacts = {
  readonly boxCode: string
  /** The `event_type` of a kind that the document does not define; undefined for a port check. */
  readonly otherType: string | undefined
  readonly ports: readonly Port[]
  /** The number of ports, including those that are not in `ports`. */
  readonly portCount: number
  /** Ports that the text lists. */
  readonly maxListedPorts: number
  /** `options` as sent if they were not parsed completely; undefined otherwise. */
  readonly sentOptions: SentOptions | undefined
  /** Number of warnings about the same ports that were suppressed since the last alert. */
  readonly suppressed: number
  /** ms since 1970. */
  readonly at: number
}

export type SentOptions = {
  readonly text: string
  /** Number of entries that were not parsed if all of it is a JSON list; undefined otherwise. */
  readonly unreadEntries: number | undefined
}

export function describeWarning(facts: WarningFacts, zones: ReaderZones): AlertText {
  const { boxCode, otherType, suppressed, at } = facts
  return {
    title:
      otherType === undefined
        ? { chinese: '端口告警', english: 'port alert' }
        : { chinese: `告警（类型 ${otherType}）`, english: `warning (type ${otherType})` },
    summary: summarizeWarning(facts),
    facts: [
      { chinese: `媒体服务器：${boxCode}`, english: `Media server: ${boxCode}` },
      ...describePorts(facts),
      timeFact(timeLabel, at, zones),
      ...(suppressed > 0 ? [describeSuppressed(suppressed)] : []),
    ],
    ...(otherType === undefined ? portCheckAdvice : warningAdvice),
  }
}

const portCheckAdvice: Pick<AlertText, 'impact' | 'action' | 'runbookHeading'> = {
  impact: {
    chinese: '使用该媒体服务器的用户可能无法进入房间，或没有声音和画面。',
    english: 'People who use this media server may not be able to enter rooms, or may have no audio and video.',
  },
  action: {
    chinese: '请检查：该服务器是否在线，media_server 是否正在运行，上述端口是否被防火墙拦截。',
    english:
      'Please check that the server is online, that media_server is running, and that no firewall blocks these ports.',
  },
  runbookHeading: 'port-check',
}

const warningAdvice: Pick<AlertText, 'action'> = {
  action: {
    chinese: '请检查该媒体服务器的运行情况。',
    english: 'Please check this media server.',
  },
}

function summarizeWarning({ boxCode, otherType, ports, portCount, sentOptions }: WarningFacts): Bilingual {
  if (otherType !== undefined)
    return { chinese: `${boxCode} 告警：${otherType}`, english: `${boxCode}: warning ${otherType}` }
  const listed = ports.slice(0, maxSummaryPorts).map(portText)
  const omitted = portCount > Math.min(ports.length, maxSummaryPorts)
  if (portCount > 0)
    return {
      chinese: `${boxCode} 端口不通：${listed.join('、')}${omitted ? ` 等 ${portCount} 个` : ''}`,
      english: `${boxCode}: ${portCount === 1 ? '1 port' : `${portCount} ports`} not reachable: ${listed.join(', ')}`,
    }
  return sentOptions === undefined
    ? { chinese: `${boxCode} 端口告警，平台未说明端口`, english: `${boxCode}: port warning without ports` }
    : { chinese: `${boxCode} 端口告警，详情无法识别`, english: `${boxCode}: port warning that could not be read` }
}

function describePorts({ ports, portCount, maxListedPorts, sentOptions }: WarningFacts): Bilingual[] {
  const lines: Bilingual[] = []
  const listed = ports.slice(0, maxListedPorts).map((port) => `  ${portText(port)}`)
  if (portCount > 0) {
    lines.push(
      {
        chinese: `无法连接的端口（${portCount} 个）：`,
        english: `Ports that the master could not reach (${portCount}):`,
      },
      ...listed.map((line) => ({ chinese: line, english: line })),
    )
    const omitted = portCount - listed.length
    if (omitted > 0) lines.push({ chinese: `  以及另外 ${omitted} 个`, english: `  and ${omitted} more` })
  } else if (sentOptions === undefined) {
    lines.push({ chinese: '平台没有说明是哪些端口。', english: 'The platform did not say which ports.' })
  }
  if (sentOptions !== undefined) {
    const { text } = sentOptions
    lines.push(describeUnread(sentOptions), { chinese: `  ${text}`, english: `  ${text}` })
  }
  return lines
}

function describeUnread({ unreadEntries }: SentOptions): Bilingual {
  if (unreadEntries === undefined)
    return { chinese: '端口信息无法识别，原文：', english: 'The ports could not be read; as sent:' }
  return {
    chinese: `另有 ${unreadEntries} 项无法识别，原文：`,
    english: `${unreadEntries} ${unreadEntries === 1 ? 'entry' : 'entries'} could not be read; as sent:`,
  }
}

function describeSuppressed(suppressed: number): Bilingual {
  const warnings = suppressed === 1 ? 'warning like this was' : 'warnings like this were'
  return {
    chinese: `自上次通知以来，另有 ${suppressed} 条相同的告警未单独通知。`,
    english: `${suppressed} more ${warnings} suppressed since the last alert.`,
  }
}

/** Starts with the media server, ends with the time, and lists as many ports as fit in between. */
export function smsText({ data, received_at }: WarningEvent, suppressed: number, timeZone: string): string {
  const { ports } = data.options
  const head = `${truncate(toPrintable(data.box_code), maxSmsBoxCodeLength)} `
  const repeats = suppressed > 0 ? ` 另有${suppressed}次` : ''
  const tail = `${repeats} ${formatClock(received_at, timeZone)}`
  if (data.event_type !== 'check_port') {
    const label = '告警：'
    const maxTypeLength = maxSmsLength - head.length - label.length - tail.length
    return `${head}${label}${truncate(toPrintable(data.event_type), maxTypeLength)}${tail}`
  }
  if (ports.length === 0) return `${head}端口告警，详情无法识别${tail}`
  const label = '端口不通：'
  const maxPortsLength = maxSmsLength - head.length - label.length - tail.length
  return `${head}${label}${joinFitting(ports.map(portText), maxPortsLength)}${tail}`
}

/** Joins the names that fit into `maxLength`. If some do not fit, the total number of names follows. */
function joinFitting(names: readonly string[], maxLength: number): string {
  const all = names.join('、')
  if (all.length <= maxLength) return all
  const count = ` 等${names.length}个`
  let joined = names[0] ?? ''
  for (const name of names.slice(1)) {
    const longer = `${joined}、${name}`
    if (longer.length + count.length > maxLength) break
    joined = longer
  }
  return `${truncate(joined, maxLength - count.length)}${count}`
}

function portText({ type, port }: Port): string {
  return toPrintable(`${type} ${port}`)
}
