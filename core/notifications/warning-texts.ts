import type { Port } from '../protocol/events.ts'
import { formatClock, formatWallClock, maxSmsLength, toPrintable, truncate } from './alert.ts'
import type { WarningEvent } from './warning-event.ts'

const maxSubjectPorts = 20
const maxEmailPorts = 50
/** Characters of an id in the e-mail, and of the `box_code` in the text message. */
const maxEmailIdLength = 200
const maxSmsBoxCodeLength = 20

/** What the subject says after the `box_code`. */
export function subjectText({ data: { event_type, options } }: WarningEvent): string {
  const { ports, unread } = options
  if (event_type !== 'check_port') return `warning ${event_type}`
  if (ports.length > 0) {
    const count = ports.length === 1 ? '1 port' : `${ports.length} ports`
    return `${count} not reachable: ${ports.slice(0, maxSubjectPorts).map(portText).join(', ')}`
  }
  return unread > 0 ? 'port warning that could not be read' : 'port warning without ports'
}

/** `options` as sent: redacted, printable and truncated. `isList`: whether all of it is a JSON list. */
export type SentOptions = { readonly text: string; readonly isList: boolean }

/** @param options shown if some or all of it could not be parsed. */
export function emailText(warning: WarningEvent, suppressed: number, timeZone: string, options: SentOptions): string {
  const { data, trace_id, received_at } = warning
  const boxCode = truncate(toPrintable(data.box_code), maxEmailIdLength)
  const ports = portLines(warning, options)
  const isPortCheck = data.event_type === 'check_port'
  const type = toPrintable(data.event_type)
  return `${[
    isPortCheck ? '叁体 AVD 端口告警' : `叁体 AVD 告警（类型 ${type}）`,
    '',
    `媒体服务器：${boxCode}`,
    ...ports.chinese,
    `时间：${formatWallClock(received_at, timeZone)}（${timeZone}）`,
    ...(suppressed > 0 ? [`自上次通知以来，另有 ${suppressed} 条相同的告警未单独通知。`] : []),
    '',
    '请检查：该服务器是否在线，media_server 是否正在运行，上述端口是否被防火墙拦截。',
    '',
    '--------',
    isPortCheck ? '3TEE AVD port alert' : `3TEE AVD warning (type ${type})`,
    '',
    `Media server: ${boxCode}`,
    ...ports.english,
    `Time: ${formatWallClock(received_at, 'UTC')} (UTC)`,
    ...(suppressed > 0
      ? [
          `${suppressed} more ${suppressed === 1 ? 'warning like this was' : 'warnings like this were'} suppressed since the last alert.`,
        ]
      : []),
    '',
    'Please check that the server is online, that media_server is running, and that no firewall blocks these ports.',
    '',
    `trace_id: ${truncate(toPrintable(trace_id), maxEmailIdLength)}`,
  ].join('\n')}\n`
}

function portLines({ data }: WarningEvent, { text, isList }: SentOptions): { chinese: string[]; english: string[] } {
  const { ports, unread } = data.options
  const listed = ports.slice(0, maxEmailPorts).map((port) => `  ${portText(port)}`)
  const omitted = ports.length - listed.length
  const chinese: string[] = []
  const english: string[] = []
  if (ports.length > 0) {
    chinese.push(
      `无法连接的端口（${ports.length} 个）：`,
      ...listed,
      ...(omitted > 0 ? [`  以及另外 ${omitted} 个`] : []),
    )
    english.push(
      `Ports that the master could not reach (${ports.length}):`,
      ...listed,
      ...(omitted > 0 ? [`  and ${omitted} more`] : []),
    )
  } else if (unread === 0) {
    chinese.push('平台没有说明是哪些端口。')
    english.push('The platform did not say which ports.')
  }
  if (unread > 0) {
    chinese.push(isList ? `另有 ${unread} 项无法识别，原文：` : '端口信息无法识别，原文：', `  ${text}`)
    english.push(
      isList
        ? `${unread} ${unread === 1 ? 'entry' : 'entries'} could not be read; as sent:`
        : 'The ports could not be read; as sent:',
      `  ${text}`,
    )
  }
  return { chinese, english }
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
  const all = names.join(', ')
  if (all.length <= maxLength) return all
  const count = ` 等${names.length}个`
  let joined = names[0] ?? ''
  for (const name of names.slice(1)) {
    const longer = `${joined}, ${name}`
    if (longer.length + count.length > maxLength) break
    joined = longer
  }
  return `${truncate(joined, maxLength - count.length)}${count}`
}

function portText({ type, port }: Port): string {
  return toPrintable(`${type} ${port}`)
}
