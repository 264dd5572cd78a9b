import type { NorthboundEvent, Port } from '../protocol/events.ts'
import { hash } from './hash.ts'
import { sortBy } from './order.ts'

/** The alert history of one set of ports of a media server. Times in ms. */
export type PortAlert = {
  /** The set of ports as text, see `portSetKey`. */
  readonly ports: string
  /** Time of the last warning that caused an alert. */
  readonly sent_at: number
  /** Number of warnings about this set so far, including suppressed ones. */
  readonly warnings: number
}

export type BoxState = {
  readonly kind: 'box'
  /** ms */
  readonly last_warning_at: number
  /** Every port that was ever reported, sorted by type and number. `last_seen_at`: ms. */
  readonly ports: readonly (Port & { readonly last_seen_at: number })[]
  readonly alerts_sent: number
  readonly alerts_suppressed: number
  /** One entry per set of ports, in the order of their latest warnings. */
  readonly alerts: readonly PortAlert[]
}

export type AlertRules = {
  /** ms: the same media server with the same ports alerts once within this time. */
  readonly alertWindowMs: number
}

/** More ports than a media server has. The limit prevents arbitrary `options` from growing the item. */
const maxPorts = 500
const maxPortSets = 64
/** Characters. A longer set of ports is identified by its size and hash. */
const maxPortSetKeyLength = 200

/** Applies a warning to a media server (docs/contract.md, sections 4 and 7). Events must come in order. */
export function evolveBox(
  state: BoxState | undefined,
  event: NorthboundEvent,
  rules: AlertRules,
): BoxState | undefined {
  if (event.data.event !== 'warning_notify') return state
  const at = event.received_at
  const before: BoxState = state ?? {
    kind: 'box',
    last_warning_at: at,
    ports: [],
    alerts_sent: 0,
    alerts_suppressed: 0,
    alerts: [],
  }
  const ports = portSetKey(event.data)
  const alert = findAlert(before.alerts, ports)
  const suppressed = alert !== undefined && isSuppressed(alert, at, rules)
  return {
    kind: 'box',
    last_warning_at: at,
    ports: mergePorts(before.ports, event.data.options.ports, at),
    alerts_sent: before.alerts_sent + (suppressed ? 0 : 1),
    alerts_suppressed: before.alerts_suppressed + (suppressed ? 1 : 0),
    alerts: upsertAlert(before.alerts, {
      ports,
      sent_at: suppressed ? alert.sent_at : at,
      warnings: (alert?.warnings ?? 0) + 1,
    }),
  }
}

export function findAlert(alerts: readonly PortAlert[], ports: string): PortAlert | undefined {
  return alerts.find((alert) => alert.ports === ports)
}

/** Whether a warning at `at` (ms) is suppressed: the last alert is later, or less than a window earlier. */
export function isSuppressed(last: PortAlert, at: number, rules: AlertRules): boolean {
  return at <= last.sent_at || at < last.sent_at + rules.alertWindowMs
}

/** Replaces the entry about the same set of ports. Beyond the limit, the oldest entries are dropped. */
export function upsertAlert(alerts: readonly PortAlert[], alert: PortAlert): PortAlert[] {
  return [...alerts.filter(({ ports }) => ports !== alert.ports), alert].slice(-maxPortSets)
}

/** Whether an alert at `at` (ms) may have been dropped from the list because of its limit. */
export function isUntracked(alerts: readonly PortAlert[], at: number): boolean {
  return alerts.length >= maxPortSets && alerts.every(({ sent_at }) => at <= sent_at)
}

type WarningData = Extract<NorthboundEvent['data'], { event: 'warning_notify' }>

/** Identifies what a warning is about: its kind and its ports, in any order. */
export function portSetKey({ event_type, options }: WarningData): string {
  const keys = [...new Set(options.ports.map(portKey))].sort()
  const text = [...(event_type === 'check_port' ? [] : [event_type]), ...keys].join(' ')
  return text.length > maxPortSetKeyLength ? `${keys.length} ports, ${hash(text)}` : text
}

function portKey({ type, port }: Port): string {
  return `${type}:${String(port).padStart(5, '0')}`
}

function mergePorts(known: BoxState['ports'], reported: readonly Port[], at: number): BoxState['ports'] {
  const merged = new Map(known.map((port) => [portKey(port), port]))
  for (const { type, port } of reported) merged.set(portKey({ type, port }), { type, port, last_seen_at: at })
  const latest = [...merged.values()].sort((a, b) => b.last_seen_at - a.last_seen_at).slice(0, maxPorts)
  return sortBy(latest, portKey)
}
