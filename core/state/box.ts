import type { NorthboundEvent, Port } from '../protocol/events.ts'
import { findPlace } from './order.ts'
import {
  type AlertRules,
  assignEntry,
  findAlert,
  isSuppressed,
  type PortAlert,
  portKey,
  portSetOf,
  upsertAlert,
} from './port-alerts.ts'

export type BoxState = {
  readonly kind: 'box'
  /** ms */
  readonly last_warning_at: number
  /** Every port that was ever reported, sorted by type and number. `last_seen_at`: ms. */
  readonly ports: readonly (Port & { readonly last_seen_at: number })[]
  readonly alerts_sent: number
  readonly alerts_suppressed: number
  readonly alerts: readonly PortAlert[]
}

/** More ports than a media server has. The limit prevents arbitrary `options` from growing the item. */
const maxPorts = 500

/** Applies a warning to a media server (docs/contract.md, sections 4 and 7). Events must come in order. */
export function evolveBox(
  state: BoxState | undefined,
  event: NorthboundEvent,
  rules: AlertRules,
): BoxState | undefined {
  if (event.data.event !== 'warning_notify') return state
  const at = event.received_at
  const { alerts, set } = assignEntry(state?.alerts ?? [], portSetOf(event.data), at, rules)
  const last = findAlert(alerts, set)
  const isRepeated = last !== undefined && isSuppressed(last, at, rules)
  return {
    kind: 'box',
    last_warning_at: at,
    ports: mergePorts(state?.ports ?? [], event.data.options.ports, at),
    alerts_sent: (state?.alerts_sent ?? 0) + (isRepeated ? 0 : 1),
    alerts_suppressed: (state?.alerts_suppressed ?? 0) + (isRepeated ? 1 : 0),
    alerts: upsertAlert(alerts, {
      set,
      sent_at: isRepeated ? last.sent_at : at,
      warnings: (last?.warnings ?? 0) + 1,
    }),
  }
}

/** Beyond the limit, the ports that were reported longest ago are dropped. */
function mergePorts(known: BoxState['ports'], reported: readonly Port[], at: number): BoxState['ports'] {
  const merged = [...known]
  for (const { type, port } of reported) {
    const key = portKey({ type, port })
    const index = findPlace(merged, (known) => portKey(known) < key)
    const found = merged[index]
    const isKnown = found?.type === type && found.port === port
    merged.splice(index, isKnown ? 1 : 0, { type, port, last_seen_at: at })
  }
  if (merged.length <= maxPorts) return merged
  const latest = new Set(merged.toSorted((a, b) => b.last_seen_at - a.last_seen_at).slice(0, maxPorts))
  return merged.filter((port) => latest.has(port))
}
