import type { NorthboundEvent } from '../protocol/events.ts'
import {
  type AlertRules,
  findAlert,
  isSuppressed,
  isUntracked,
  type PortAlert,
  portSetKey,
  upsertAlert,
} from '../state/box.ts'
import type { Step } from '../state/fold.ts'
import { hash } from '../state/hash.ts'

/**
 * The alerts that were decided about a media server. They are stored beside the state, not in it: a late event folds the
 * state again, but an alert that was sent cannot be taken back (docs/decisions/0005).
 */
export type AlertOutbox = {
  /** Alerts that were decided and not yet confirmed as sent. */
  readonly pending: readonly PendingAlert[]
  /** The last alert about each set of ports. `warnings`: the number of warnings at that time. */
  readonly alerts: readonly PortAlert[]
}

export type PendingAlert = {
  /** Hash of the warning's `trace_id`: the alert is sent when that warning's message is processed. */
  readonly trace: number
  /** Number of warnings about the same ports that were suppressed since the previous alert. */
  readonly suppressed: number
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
  return steps.reduce((outbox, { event, after }) => {
    if (event?.data.event !== 'warning_notify' || after?.kind !== 'box') return outbox
    const ports = portSetKey(event.data)
    const last = findAlert(outbox.alerts, ports)
    if (last === undefined && isUntracked(outbox.alerts, event.received_at)) return outbox
    if (last !== undefined && isSuppressed(last, event.received_at, rules)) return outbox
    const warnings = findAlert(after.alerts, ports)?.warnings ?? 1
    const suppressed = Math.max(0, warnings - 1 - (last?.warnings ?? 0))
    return {
      pending: [...outbox.pending, { trace: hash(event.trace_id), suppressed }].slice(-maxPendingAlerts),
      alerts: upsertAlert(outbox.alerts, { ports, sent_at: event.received_at, warnings }),
    }
  }, before)
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
