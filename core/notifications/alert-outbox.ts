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
 * What people were told about a box. It stands beside the state, not in it: the state is folded anew when an event
 * comes late, but what was said cannot be taken back.
 */
export type AlertOutbox = {
  /** Alerts that were decided and are not known to have been sent. */
  readonly due: readonly PendingAlert[]
  /** The last alert about each set of ports; its `warnings`: as many as there were then. */
  readonly alerts: readonly PortAlert[]
}

export type PendingAlert = {
  /** Hash of the warning's `trace_id`: whoever has that message sends the alert. */
  readonly trace: number
  /** Warnings about the same ports, since the alert before, that were not sent on. */
  readonly suppressed: number
}

export const emptyOutbox: AlertOutbox = { due: [], alerts: [] }

/** More than can wait: a message that was never redriven must not let the item grow for ever. */
const keptDue = 1000

/**
 * Decides, for warnings that nobody decided on before, which of them people are told of (contract, section 7).
 *
 * In the order of arrival: a warning that comes late, after a newer alert about the same ports, tells nobody anything.
 *
 * @param steps of the fold that took these warnings in.
 */
export function announce(before: AlertOutbox, steps: readonly Step[], rules: AlertRules): AlertOutbox {
  return steps.reduce((said, { event, after }) => {
    if (event?.data.event !== 'warning_notify' || after?.kind !== 'box') return said
    const ports = portSetKey(event.data)
    const last = findAlert(said.alerts, ports)
    if (last === undefined && isUntracked(said.alerts, event.received_at)) return said
    if (last !== undefined && isSuppressed(last, event.received_at, rules)) return said
    const warnings = findAlert(after.alerts, ports)?.warnings ?? 1
    const suppressed = Math.max(0, warnings - 1 - (last?.warnings ?? 0))
    return {
      due: [...said.due, { trace: hash(event.trace_id), suppressed }].slice(-keptDue),
      alerts: upsertAlert(said.alerts, { ports, sent_at: event.received_at, warnings }),
    }
  }, before)
}

/** The alert that is to be sent for this warning; undefined: none, or it was sent. */
export function findPendingAlert(said: AlertOutbox | null, event: NorthboundEvent): PendingAlert | undefined {
  const trace = hash(event.trace_id)
  return said?.due.find((alert) => alert.trace === trace)
}

export function removePending(said: AlertOutbox, sent: readonly PendingAlert[]): AlertOutbox {
  const traces = new Set(sent.map(({ trace }) => trace))
  return { ...said, due: said.due.filter(({ trace }) => !traces.has(trace)) }
}
