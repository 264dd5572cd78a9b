import type { NorthboundEvent } from '../protocol/events.ts'
import type { BoxState } from '../state/box.ts'
import type { Step } from '../state/fold.ts'
import { hash } from '../state/hash.ts'
import {
  type AlertRules,
  assignEntry,
  findAlert,
  isSuppressed,
  otherPortSets,
  type PortAlert,
  portSetOf,
  upsertAlert,
} from '../state/port-alerts.ts'

/**
 * The alerts that were decided about a media server. They are stored beside the state, not in it: a late event folds the
 * state again, but an alert that was sent cannot be taken back (docs/decisions/0005).
 */
export type AlertOutbox = {
  /** Alerts that were decided and not yet confirmed as sent. */
  readonly pending: readonly PendingAlert[]
  /** The last alert about each set of ports. `warnings`: the number of warnings that alerts have covered. */
  readonly alerts: readonly PortAlert[]
}

export type PendingAlert = {
  /** Hash of the warning's `trace_id`: the alert is sent when that warning's message is processed. */
  readonly trace: number
  /** Number of warnings about the same ports that were suppressed since the previous alert. */
  readonly suppressed: number
  /** The set of ports whose entry counts the warning. */
  readonly set: number
}

export const emptyOutbox: AlertOutbox = { pending: [], alerts: [] }

/** A limit for messages that are never redriven, so that the item cannot grow without bound. */
const maxPendingAlerts = 1000

/**
 * Decides which of the new warnings become alerts (docs/contract.md, section 7).
 *
 * Warnings are decided in the order of arrival: a late warning, older than the last alert about the same ports, is
 * suppressed.
 *
 * @param steps the steps of the fold that applied these warnings.
 */
export function decideAlerts(before: AlertOutbox, steps: readonly Step[], rules: AlertRules): AlertOutbox {
  let outbox = before
  for (const { event, after } of steps)
    if (event !== undefined && after?.kind === 'box') outbox = decideAlert(outbox, event, after, rules)
  return outbox
}

/** @param state the state after the warning. */
function decideAlert(outbox: AlertOutbox, event: NorthboundEvent, state: BoxState, rules: AlertRules): AlertOutbox {
  const { data, received_at, trace_id } = event
  if (data.event !== 'warning_notify') return outbox
  const { alerts, set } = assignEntry(outbox.alerts, portSetOf(data), received_at, rules)
  const last = findAlert(alerts, set)
  if (last !== undefined && isSuppressed(last, received_at, rules)) return outbox
  const covered = last?.warnings ?? 0
  const warnings = findAlert(state.alerts, set)?.warnings ?? covered + 1
  return addPending(
    { pending: outbox.pending, alerts: upsertAlert(alerts, { set, sent_at: received_at, warnings }) },
    { trace: hash(trace_id), suppressed: Math.max(0, warnings - covered - 1), set },
  )
}

/** Beyond the limit, the oldest pending alert is dropped. What it covered counts as suppressed in the next alert. */
function addPending({ pending, alerts }: AlertOutbox, alert: PendingAlert): AlertOutbox {
  const [oldest, ...rest] = pending
  if (oldest === undefined || pending.length < maxPendingAlerts) return { pending: [...pending, alert], alerts }
  const entry = findAlert(alerts, oldest.set) ?? findAlert(alerts, otherPortSets)
  const uncovered = entry && { ...entry, warnings: Math.max(0, entry.warnings - oldest.suppressed - 1) }
  return { pending: [...rest, alert], alerts: uncovered === undefined ? alerts : upsertAlert(alerts, uncovered) }
}

/** The pending alert of this warning; undefined if it was suppressed or has been sent. */
export function findPendingAlert(outbox: AlertOutbox | null, event: NorthboundEvent): PendingAlert | undefined {
  const trace = hash(event.trace_id)
  return outbox?.pending.find((alert) => alert.trace === trace)
}

export function removePending(outbox: AlertOutbox, sent: readonly PendingAlert[]): AlertOutbox {
  const traces = new Set(sent.map(({ trace }) => trace))
  return { ...outbox, pending: outbox.pending.filter(({ trace }) => !traces.has(trace)) }
}
