import type { NorthboundEvent, Port } from '../protocol/events.ts'
import { hash } from './hash.ts'
import { sortBy } from './order.ts'

/** What is known of one set of ports of a box. Times in ms. */
export type PortAlert = {
  /** The set as text, see `portSetKey`. */
  readonly ports: string
  /** The warning that alerted last. */
  readonly sent_at: number
  /** Warnings of this set so far, those that were not sent on included. */
  readonly warnings: number
}

export type BoxState = {
  readonly kind: 'box'
  /** ms */
  readonly last_warning_at: number
  /** Every port that was ever warned about, in the order of type and number. `last_seen_at`: ms. */
  readonly ports: readonly (Port & { readonly last_seen_at: number })[]
  readonly alerts_sent: number
  readonly alerts_suppressed: number
  /** One entry a set of ports, the latest warned about last. */
  readonly alerts: readonly PortAlert[]
}

export type AlertRules = {
  /** The same box with the same ports alerts once in so many ms. */
  readonly alertWindowMs: number
}

/** More than a box can really have; so that random options cannot grow the item for ever. */
const keptPorts = 500
const keptAlerts = 64
/** Characters; a longer set of ports goes by its number and hash. */
const longestSet = 200

/** Contract, sections 4 (Box) and 7 (one alert a window). Events must come in order. */
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
    ports: seenPorts(before.ports, event.data.options.ports, at),
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

/** Whether a warning of the same ports at `at` (ms) says nothing new: the last alert is later, or less than a window before. */
export function isSuppressed(last: PortAlert, at: number, rules: AlertRules): boolean {
  return at <= last.sent_at || at < last.sent_at + rules.alertWindowMs
}

/** The list with this entry in the place of the one about the same ports; the latest stay. */
export function upsertAlert(alerts: readonly PortAlert[], alert: PortAlert): PortAlert[] {
  return [...alerts.filter(({ ports }) => ports !== alert.ports), alert].slice(-keptAlerts)
}

/** Whether an alert of that time (ms) may have been in the list, which keeps only so many. */
export function isUntracked(alerts: readonly PortAlert[], at: number): boolean {
  return alerts.length >= keptAlerts && alerts.every(({ sent_at }) => at <= sent_at)
}

type WarningFacts = Extract<NorthboundEvent['data'], { event: 'warning_notify' }>

/** What a warning is about, as text: the same ports, in any order, of the same kind of warning. */
export function portSetKey({ event_type, options }: WarningFacts): string {
  const keys = [...new Set(options.ports.map(portKey))].sort()
  const text = [...(event_type === 'check_port' ? [] : [event_type]), ...keys].join(' ')
  return text.length > longestSet ? `${keys.length} ports, ${hash(text)}` : text
}

function portKey({ type, port }: Port): string {
  return `${type}:${String(port).padStart(5, '0')}`
}

function seenPorts(known: BoxState['ports'], warned: readonly Port[], at: number): BoxState['ports'] {
  const all = new Map(known.map((port) => [portKey(port), port]))
  for (const { type, port } of warned) all.set(portKey({ type, port }), { type, port, last_seen_at: at })
  const latest = [...all.values()].sort((a, b) => b.last_seen_at - a.last_seen_at).slice(0, keptPorts)
  return sortBy(latest, portKey)
}
