import { createHash } from 'node:crypto'
import type { NorthboundEvent, Port } from '../protocol/events.ts'
import { findPlace } from './order.ts'

/** The alert history of one set of ports of a media server. Times in ms. */
export type PortAlert = {
  /** Identifies the set of ports, see `portSetOf`; or `otherPortSets`. */
  readonly set: number
  /** Time of the last warning that caused an alert. */
  readonly sent_at: number
  /** Number of warnings about this set so far, including suppressed ones. */
  readonly warnings: number
}

export type AlertRules = {
  /** ms: the same media server with the same ports alerts once within this time. */
  readonly alertWindowMs: number
}

/** What identifies the entry of all sets of ports that have no entry of their own. No hash is 0. */
export const otherPortSets = 0
/** More sets of ports than a media server reports. State, outbox and pending checkpoints must fit into one item. */
const maxPortSets = 3000

type WarningData = Extract<NorthboundEvent['data'], { event: 'warning_notify' }>

/** Identifies what a warning is about, its kind and its ports in any order: 48 bits of a hash, never 0. */
export function portSetOf({ event_type, options }: WarningData): number {
  const text = JSON.stringify([event_type, ...new Set(options.ports.map(portKey).sort())])
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) || 1
}

export function portKey({ type, port }: Port): string {
  return `${type}:${String(port).padStart(5, '0')}`
}

/** @param alerts sorted by set, like all lists of them. */
export function findAlert(alerts: readonly PortAlert[], set: number): PortAlert | undefined {
  const alert = alerts[findPlace(alerts, (other) => other.set < set)]
  return alert?.set === set ? alert : undefined
}

/** Whether a warning at `at` (ms) is suppressed: the last alert is later, or less than a window earlier. */
export function isSuppressed(last: PortAlert, at: number, rules: AlertRules): boolean {
  return at <= last.sent_at || at < last.sent_at + rules.alertWindowMs
}

/** Replaces or adds the entry of a set. */
export function upsertAlert(alerts: readonly PortAlert[], alert: PortAlert): readonly PortAlert[] {
  const index = findPlace(alerts, ({ set }) => set < alert.set)
  return alerts.toSpliced(index, alerts[index]?.set === alert.set ? 1 : 0, alert)
}

/**
 * Determines the entry under which a warning about `set` counts, and makes room for a new one (docs/decisions/0025).
 *
 * Usually each set has its own entry. If there are too many, the set that alerted longest ago is merged into the entry
 * of the other sets, provided that its window has passed. If no window has passed, the new set counts among the other
 * sets, which together alert once per window.
 *
 * @returns the alerts, with at most `maxEntries` sets and the entry of the others; and the set whose entry counts.
 */
export function assignEntry(
  alerts: readonly PortAlert[],
  set: number,
  at: number,
  rules: AlertRules,
  maxEntries = maxPortSets,
): { readonly alerts: readonly PortAlert[]; readonly set: number } {
  if (findAlert(alerts, set) !== undefined) return { alerts, set }
  const others = findAlert(alerts, otherPortSets)
  // The last alert of the others may have been about this very set.
  if (others !== undefined && isSuppressed(others, at, rules)) return { alerts, set: otherPortSets }
  if (alerts.length - (others === undefined ? 0 : 1) < maxEntries) return { alerts, set }
  const oldest = findOldest(alerts)
  if (oldest === undefined || isSuppressed(oldest, at, rules)) return { alerts, set: otherPortSets }
  const merged = {
    set: otherPortSets,
    sent_at: Math.max(others?.sent_at ?? 0, oldest.sent_at),
    warnings: (others?.warnings ?? 0) + oldest.warnings,
  }
  return {
    alerts: upsertAlert(
      alerts.filter((alert) => alert !== oldest),
      merged,
    ),
    set,
  }
}

/** The set of ports that alerted longest ago, apart from the others. */
function findOldest(alerts: readonly PortAlert[]): PortAlert | undefined {
  let oldest: PortAlert | undefined
  for (const alert of alerts)
    if (alert.set !== otherPortSets && (oldest === undefined || alert.sent_at < oldest.sent_at)) oldest = alert
  return oldest
}
