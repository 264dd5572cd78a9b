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
import { isQuiet } from './warning-episode.ts'

/** ms: when the port was last reported, and since when, without a time in between that `isQuiet`. */
type ReportedPort = Port & { readonly first_seen_at: number; readonly last_seen_at: number }

export type BoxState = {
  readonly kind: 'box'
  /** ms: the first warning that no time without warnings separates from the last one, see `isQuiet`. */
  readonly first_warning_at: number
  /** ms */
  readonly last_warning_at: number
  /** Every port that was ever reported, sorted by type and number. */
  readonly ports: readonly ReportedPort[]
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
    first_warning_at: state === undefined || isQuiet(state.last_warning_at, at, rules) ? at : state.first_warning_at,
    last_warning_at: at,
    ports: mergePorts(state?.ports ?? [], event.data.options.ports, at, rules),
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
function mergePorts(
  known: BoxState['ports'],
  reported: readonly Port[],
  at: number,
  rules: AlertRules,
): BoxState['ports'] {
  const merged = [...known]
  for (const { type, port } of reported) {
    const key = portKey({ type, port })
    const index = findPlace(merged, (known) => portKey(known) < key)
    const found = merged[index]
    const isKnown = found?.type === type && found.port === port
    const isContinued = isKnown && !isQuiet(found.last_seen_at, at, rules)
    const first_seen_at = isContinued ? found.first_seen_at : at
    merged.splice(index, isKnown ? 1 : 0, { type, port, first_seen_at, last_seen_at: at })
  }
  if (merged.length <= maxPorts) return merged
  const latest = new Set(merged.toSorted((a, b) => b.last_seen_at - a.last_seen_at).slice(0, maxPorts))
  return merged.filter((port) => latest.has(port))
}
