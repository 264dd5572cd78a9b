import pMap from 'p-map'
import { findPendingAlert, type PendingAlert, removePending } from '../../core/notifications/alert-outbox.ts'
import { warningAlert } from '../../core/notifications/warning-alert.ts'
import { isWarning, kindOfWarning } from '../../core/notifications/warning-event.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { asError } from '../as-error.ts'
import type { AppliedEvent } from './applied-events.ts'
import type { PublishDependencies } from './dependencies.ts'

export type AlertOutcome = 'sent' | 'unsent'

export type AlertsResult = {
  /** Errors by event. */
  readonly failures: ReadonlyMap<NorthboundEvent, Error>
  /** The warnings for which an alert was pending. */
  readonly alerts: ReadonlyMap<NorthboundEvent, AlertOutcome>
}

const alertConcurrency = 8
const maxAttempts = 10

/** Sends the pending alerts. Each alert is sent with the message of its warning. */
export async function publishAlerts(
  dependencies: PublishDependencies,
  appliedEvents: readonly AppliedEvent[],
  signal: AbortSignal,
): Promise<AlertsResult> {
  const failures = new Map<NorthboundEvent, Error>()
  const alerts = new Map<NorthboundEvent, AlertOutcome>()
  const send = async ({ event, projection }: AppliedEvent) => {
    const pending = findPendingAlert(projection.alertOutbox, event)
    if (pending === undefined || !isWarning(event)) return undefined
    alerts.set(event, 'unsent')
    signal.throwIfAborted()
    await dependencies.alerts.publish(warningAlert(event, pending.suppressed, dependencies.rules.timeZone), signal)
    alerts.set(event, 'sent')
    // Afterwards: if this fails, the alert is sent again, but no all-clear comes without an alert.
    const subject = { kind: kindOfWarning(event), box_code: event.data.box_code }
    await dependencies.openWarnings.record(subject, event.received_at, signal)
    return { projection, pending }
  }
  const sent = await pMap(
    appliedEvents.filter(({ projection }) => projection.aggregate.kind === 'box'),
    (warning) => send(warning).catch((error: unknown) => void failures.set(warning.event, asError(error))),
    { concurrency: alertConcurrency },
  )
  const sentByProjection = Map.groupBy(
    sent.filter((entry) => entry !== undefined),
    ({ projection }) => projection,
  )
  for (const [projection, entries] of sentByProjection) {
    const pending = entries.map((entry) => entry.pending)
    await markSent(dependencies, projection, pending, signal).catch((error: unknown) => {
      for (const { event, projection: other } of appliedEvents)
        if (other === projection) failures.set(event, asError(error))
    })
  }
  return { failures, alerts }
}

/** Removes sent alerts from the outbox. @throws if the store fails: then the alerts are sent again. */
async function markSent(
  { store }: PublishDependencies,
  projection: Projection,
  sent: readonly PendingAlert[],
  signal: AbortSignal,
): Promise<void> {
  let current = projection
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (current.alertOutbox === null) return
    const alertOutbox = removePending(current.alertOutbox, sent)
    if (alertOutbox.pending.length === current.alertOutbox.pending.length) return
    if ((await store.write({ ...current, alertOutbox }, signal)) === 'written') return
    const [stored] = await store.read([projection.aggregate], signal)
    current = stored ?? projection
  }
  throw new Error(
    `the projection of ${JSON.stringify(projection.aggregate)} changed ${maxAttempts} times while alerts were marked as sent`,
  )
}
