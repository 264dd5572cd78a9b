import { isDeepStrictEqual } from 'node:util'
import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Alert } from '../../core/notifications/alert.ts'
import type { Bilingual } from '../../core/notifications/alert-text.ts'
import { allClear } from '../../core/notifications/all-clear.ts'
import type { CallbackSilence } from '../../core/notifications/callback-silence.ts'
import { callbacksMissingAlert } from '../../core/notifications/callbacks-missing.ts'
import { massDisappearanceAlert } from '../../core/notifications/mass-disappearance.ts'
import {
  decideSweepAlerts,
  type OpenAlerts,
  type SweepAlertChange,
  type SweepAlertState,
  type SweepObservation,
} from '../../core/notifications/sweep-alerts.ts'
import { sweepFailingAlert } from '../../core/notifications/sweep-failing.ts'
import * as metricNames from '../../names/metrics.ts'
import { asError } from '../as-error.ts'
import type { SweepFacts } from './correct.ts'
import type { ReconcileRoomsDependencies } from './dependencies.ts'

/** The result of a sweep, as far as alerts depend on it. */
export type SweepResult = {
  /** ms since 1970: when the sweep began. */
  readonly at: number
} & (
  | { readonly facts: SweepFacts }
  /** `failures`: number of failed sweeps in a row, this one included. `reason`: without secrets. */
  | { readonly facts?: undefined; readonly failures: number; readonly reason: Bilingual }
)

/**
 * Sends the alerts and all-clears that follow from a sweep. Each is sent once, also after a cold start; one that cannot be sent
 * follows with the next sweep. Never fails: a sweep counts even if no alert can be sent.
 */
export async function updateAlerts(
  dependencies: ReconcileRoomsDependencies,
  result: SweepResult,
  signal: AbortSignal,
): Promise<void> {
  const { sweepAlerts, metrics, logger } = dependencies
  try {
    const before = await sweepAlerts.read(signal)
    const observation = await observe(dependencies, result, before, signal)
    const { changes, silence } = decideSweepAlerts(before, observation)
    const context = { result, silence, lastCallbackAt: observation.lastCallbackAt, open: before.open }
    const open = await publishChanges(dependencies, changes, context, signal)
    if (silence !== undefined && open.callbacks_missing !== undefined)
      metrics.addMetric(metricNames.callbackSilence, MetricUnit.Seconds, (result.at - silence.since) / 1000)
    const after: SweepAlertState = { open, silence }
    if (!isDeepStrictEqual(after, before)) await sweepAlerts.write(after, signal)
  } catch (error) {
    logger.error('alerts not updated; the next sweep does it', asError(error))
  }
}

async function observe(
  { callbacks, queue }: ReconcileRoomsDependencies,
  result: SweepResult,
  { silence }: SweepAlertState,
  signal: AbortSignal,
): Promise<SweepObservation> {
  const { at, facts } = result
  const estimates = facts?.estimates ?? 0
  const isCallbackAwaited = estimates > 0 || silence !== undefined
  const [lastCallbackAt, visibleMessages] = isCallbackAwaited
    ? await Promise.all([callbacks.readLastCallback(signal), queue.countVisible(signal)])
    : [undefined, 0]
  return {
    at,
    failures: result.facts === undefined ? result.failures : 0,
    estimates,
    isMassDisappearance: facts && facts.massDisappearance !== undefined,
    lastCallbackAt,
    visibleMessages,
  }
}

type AlertContext = {
  readonly result: SweepResult
  readonly silence: CallbackSilence | undefined
  readonly lastCallbackAt: number | undefined
  readonly open: OpenAlerts
}

/** @returns the alerts that are open afterwards. */
async function publishChanges(
  { alerts, now, timeZone, logger }: ReconcileRoomsDependencies,
  changes: readonly SweepAlertChange[],
  context: AlertContext,
  signal: AbortSignal,
): Promise<OpenAlerts> {
  let open = context.open
  for (const change of changes) {
    const { kind, to } = change
    try {
      const alert = toAlert(change, context, now(), timeZone)
      if (alert !== undefined) await alerts.publish(alert, signal)
      const { [kind]: _, ...others } = open
      open = to === 'clear' ? others : { ...others, [kind]: context.result.at }
      logger.info('alert changed', { kind, to })
    } catch (error) {
      logger.error('alert not sent; the next sweep sends it', { kind, to, error: asError(error) })
    }
  }
  return open
}

function toAlert(
  { kind, to }: SweepAlertChange,
  context: AlertContext,
  at: number,
  timeZone: string,
): Alert | undefined {
  const { open, result, silence, lastCallbackAt } = context
  if (to === 'clear') return allClear(kind, open[kind] ?? at, at, timeZone)
  switch (kind) {
    case 'sweep_failing':
      return result.facts === undefined ? sweepFailingAlert(result.failures, result.reason, at, timeZone) : undefined
    case 'callbacks_missing':
      return silence && callbacksMissingAlert(silence, lastCallbackAt, at, timeZone)
    case 'mass_disappearance':
      return result.facts?.massDisappearance && massDisappearanceAlert(result.facts.massDisappearance, timeZone)
  }
}
