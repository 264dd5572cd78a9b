import type { NorthboundEvent, Port } from '../protocol/events.ts'
import { hash } from './hash.ts'
import { sortedBy } from './order.ts'

/** What was last said about one set of ports of a box. Times in ms. */
export type PortAlert = {
  /** The set as text, see `portSetKey`. */
  readonly ports: string
  readonly sent_at: number
  /** Warnings since then that were not sent on. */
  readonly suppressed: number
}

export type BoxState = {
  readonly kind: 'box'
  /** ms */
  readonly last_warning_at: number
  /** Every port that was ever warned about, in the order of type and number. `last_seen_at`: ms. */
  readonly ports: readonly (Port & { readonly last_seen_at: number })[]
  readonly alerts_sent: number
  readonly alerts_suppressed: number
  /** One entry a set of ports, the latest sent last. */
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
  if (event.facts.event !== 'warning_notify') return state
  const { options: warned } = event.facts
  const at = event.received_at
  const before: BoxState = state ?? {
    kind: 'box',
    last_warning_at: at,
    ports: [],
    alerts_sent: 0,
    alerts_suppressed: 0,
    alerts: [],
  }
  const ports = portSetKey(warned)
  const alert = before.alerts.find((other) => other.ports === ports)
  const suppressed = alert !== undefined && at < alert.sent_at + rules.alertWindowMs
  const next: PortAlert = suppressed
    ? { ...alert, suppressed: alert.suppressed + 1 }
    : { ports, sent_at: at, suppressed: 0 }
  return {
    kind: 'box',
    last_warning_at: at,
    ports: seenPorts(before.ports, warned, at),
    alerts_sent: before.alerts_sent + (suppressed ? 0 : 1),
    alerts_suppressed: before.alerts_suppressed + (suppressed ? 1 : 0),
    // What is over and has nothing left to tell is forgotten.
    alerts: [
      ...before.alerts.filter(
        (other) => other !== alert && (other.suppressed > 0 || at < other.sent_at + rules.alertWindowMs),
      ),
      next,
    ].slice(-keptAlerts),
  }
}

/** The same ports in any order are the same set. */
export function portSetKey(ports: readonly Port[]): string {
  const keys = [...new Set(ports.map(portKey))].sort()
  const text = keys.join(' ')
  return text.length > longestSet ? `${keys.length} ports, ${hash(text)}` : text
}

function portKey({ type, port }: Port): string {
  return `${type}:${String(port).padStart(5, '0')}`
}

function seenPorts(known: BoxState['ports'], warned: readonly Port[], at: number): BoxState['ports'] {
  const all = new Map(known.map((port) => [portKey(port), port]))
  for (const { type, port } of warned) all.set(portKey({ type, port }), { type, port, last_seen_at: at })
  const latest = [...all.values()].sort((a, b) => b.last_seen_at - a.last_seen_at).slice(0, keptPorts)
  return sortedBy(latest, portKey)
}
