import { type NorthboundEvent, type Port, parseJson } from '../protocol/events.ts'
import { redactSecrets } from '../protocol/redaction.ts'
import { type Alert, formatWallClock, maxSmsLength, toAsciiSubject, toPrintable, truncate } from './alert.ts'

type Warning = NorthboundEvent & { readonly data: Extract<NorthboundEvent['data'], { event: 'warning_notify' }> }

/** Characters of the list in the payload: SNS takes 256 KB in all, and quoting can make seven bytes of one character. */
const maxListLength = 30_000
/** Of the e-mail; nobody reads more. */
const listedForPeople = 50
/** Characters of `options` that are shown where they could not be read. */
const shownOptions = 300
/** Bytes; SNS refuses longer attributes only with the message, but nobody filters by one. */
const maxAttributeBytes = 256

export function isWarning(event: NorthboundEvent): event is Warning {
  return event.data.event === 'warning_notify'
}

/**
 * The alert about a warning of the master (contract, section 7).
 *
 * @param suppressed warnings about the same ports since the last alert that were not sent on.
 * @param timeZone IANA zone of the people who read it.
 */
export function portCheckAlert(warning: Warning, suppressed: number, timeZone: string): Alert {
  const { box_code } = warning.data
  return {
    payload: payloadOf(warning, suppressed),
    attributes: { kind: kindOf(warning), box_code: truncate(toPrintable(box_code), maxAttributeBytes) },
    subject: toAsciiSubject(`[AVD] ${truncate(box_code, 40, '...')}: ${aggregateOf(warning)}`),
    email: emailOf(warning, suppressed, timeZone),
    sms: smsOf(warning, suppressed, timeZone),
  }
}

/** A kind of warning that the document does not know yet is told all the same, under a kind of its own. */
function kindOf({ data }: Warning): 'port_check' | 'warning' {
  return data.event_type === 'check_port' ? 'port_check' : 'warning'
}

function payloadOf(warning: Warning, suppressed: number): Alert['payload'] {
  const { data, trace_id, received_at } = warning
  const { ports, unread } = data.options
  const listed = listedForPrograms(ports)
  return {
    kind: kindOf(warning),
    box_code: data.box_code,
    ports: listed,
    trace_id,
    received_at: new Date(received_at).toISOString(),
    suppressed,
    ...(kindOf(warning) === 'warning' ? { event_type: data.event_type } : {}),
    ...(listed.length < ports.length ? { ports_omitted: ports.length - listed.length } : {}),
    ...(unread > 0 ? { options: truncate(sentOptions(warning), shownOptions) } : {}),
  }
}

function listedForPrograms(ports: readonly Port[]): readonly Port[] {
  let length = 0
  const end = ports.findIndex((port) => {
    length += JSON.stringify(port).length
    return length > maxListLength
  })
  return end === -1 ? ports : ports.slice(0, end)
}

function sentOptions({ params }: Warning): string {
  return redactSecrets((params.options ?? '').toWellFormed())
}

function portName({ type, port }: Port): string {
  return toPrintable(`${type} ${port}`)
}

function aggregateOf({ data: { event_type, options } }: Warning): string {
  const { ports, unread } = options
  if (event_type !== 'check_port') return `warning ${event_type}`
  if (ports.length > 0) {
    const count = ports.length === 1 ? '1 port' : `${ports.length} ports`
    return `${count} not reachable: ${ports.slice(0, 20).map(portName).join(', ')}`
  }
  return unread > 0 ? 'port warning that could not be read' : 'port warning without ports'
}

function emailOf(warning: Warning, suppressed: number, timeZone: string): string {
  const { data, trace_id, received_at } = warning
  const box = truncate(toPrintable(data.box_code), 200)
  const lines = portLines(warning)
  const known = data.event_type === 'check_port'
  const type = toPrintable(data.event_type)
  return `${[
    known ? '叁体 AVD 端口告警' : `叁体 AVD 告警(类型 ${type})`,
    '',
    `媒体服务器: ${box}`,
    ...lines.chinese,
    `时间: ${formatWallClock(received_at, timeZone)} (${timeZone})`,
    ...(suppressed > 0 ? [`上一次通知之后另有 ${suppressed} 条相同的告警没有单独通知。`] : []),
    '',
    '请检查: 该服务器是否在线, media_server 是否运行, 上述端口是否被防火墙拦截。',
    '',
    '--------',
    known ? '3TEE AVD port alert' : `3TEE AVD warning (type ${type})`,
    '',
    `Media server: ${box}`,
    ...lines.english,
    `Time: ${formatWallClock(received_at, 'UTC')} (UTC)`,
    ...(suppressed > 0
      ? [`Since the last alert, ${suppressed} more warnings like this were not sent one by one.`]
      : []),
    '',
    'Please check that the server is online, that media_server runs, and that no firewall blocks these ports.',
    '',
    `trace_id: ${truncate(toPrintable(trace_id), 200)}`,
  ].join('\n')}\n`
}

function portLines(warning: Warning): { chinese: string[]; english: string[] } {
  const { ports, unread } = warning.data.options
  const listed = ports.slice(0, listedForPeople).map((port) => `  ${portName(port)}`)
  const more = ports.length - listed.length
  const sent = `  ${truncate(toPrintable(sentOptions(warning)), shownOptions)}`
  const isList = Array.isArray(parseJson(sentOptions(warning)))
  const chinese: string[] = []
  const english: string[] = []
  if (ports.length > 0) {
    chinese.push(`无法连接的端口 (${ports.length} 个):`, ...listed, ...(more > 0 ? [`  以及另外 ${more} 个`] : []))
    english.push(
      `Ports that the master could not reach (${ports.length}):`,
      ...listed,
      ...(more > 0 ? [`  and ${more} more`] : []),
    )
  } else if (unread === 0) {
    chinese.push('平台没有说明是哪些端口。')
    english.push('The platform did not say which ports.')
  }
  if (unread > 0) {
    chinese.push(isList ? `另有 ${unread} 项无法识别, 原文:` : '端口信息无法识别, 原文:', sent)
    english.push(
      isList ? `${unread} entries could not be read; as sent:` : 'The ports could not be read; as sent:',
      sent,
    )
  }
  return { chinese, english }
}

/** The time at the end, the box at the beginning, and between them as many ports as one message holds. */
function smsOf({ data, received_at }: Warning, suppressed: number, timeZone: string): string {
  const { ports } = data.options
  const head = `${truncate(toPrintable(data.box_code), 20)} `
  const again = suppressed > 0 ? ` 另有${suppressed}次` : ''
  const tail = `${again} ${formatWallClock(received_at, timeZone).slice(11, 16)}`
  if (data.event_type !== 'check_port')
    return `${head}告警: ${truncate(toPrintable(data.event_type), maxSmsLength - head.length - tail.length - 4)}${tail}`
  if (ports.length === 0) return `${head}端口告警, 详情无法识别${tail}`
  const names = ports.map(portName)
  const room = maxSmsLength - head.length - '端口不通: '.length - tail.length
  return `${head}端口不通: ${fitting(names, room)}${tail}`
}

/** The first of the names that fit, and how many there are where not all do. */
function fitting(names: readonly string[], room: number): string {
  const all = names.join(', ')
  if (all.length <= room) return all
  const count = ` 等${names.length}个`
  let listed = names[0] ?? ''
  for (const name of names.slice(1)) {
    const longer = `${listed}, ${name}`
    if (longer.length + count.length > room) break
    listed = longer
  }
  return `${truncate(listed, room - count.length)}${count}`
}
