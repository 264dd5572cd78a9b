import { maxVisibleMessages } from '../reconciliation/decide.ts'
import { areCallbacksMissing, type CallbackSilence, observeSilence } from './callback-silence.ts'

/** What sweeps alert about. Each has an all-clear (docs/contract.md, section 7). */
export const sweepAlertKinds = ['sweep_failing', 'callbacks_missing', 'mass_disappearance'] as const

export type SweepAlertKind = (typeof sweepAlertKinds)[number]

/** When each alert was sent that has had no all-clear yet (ms since 1970). */
export type OpenAlerts = Readonly<Partial<Record<SweepAlertKind, number>>>

/** Handed from one sweep to the next, so that each alert and each all-clear is sent once. */
export type SweepAlertState = { readonly open: OpenAlerts; readonly silence: CallbackSilence | undefined }

export const noSweepAlerts: SweepAlertState = { open: {}, silence: undefined }

export type SweepObservation = {
  /** ms: when the sweep began. */
  readonly at: number
  /** Number of failed sweeps in a row, this one included. */
  readonly failures: number
  /** Number of estimated opens and joins that the sweep sent. */
  readonly estimates: number
  /** Whether the sweep found a mass disappearance; undefined if it failed. */
  readonly isMassDisappearance: boolean | undefined
  /** ms: when the latest callback that has been applied was received; undefined if none is known. */
  readonly lastCallbackAt: number | undefined
  /** Messages of the event queue that have not been received yet. */
  readonly visibleMessages: number
}

/** An alert to send, or the all-clear of one. */
export type SweepAlertChange = { readonly kind: SweepAlertKind; readonly to: 'open' | 'clear' }

/** Alert after this many consecutive failures. */
const failuresBeforeAlert = 3

/** Decides which alerts a sweep opens and which it clears. The changes take effect when they have been published. */
export function decideSweepAlerts(
  { open, silence: before }: SweepAlertState,
  observation: SweepObservation,
): { readonly changes: readonly SweepAlertChange[]; readonly silence: CallbackSilence | undefined } {
  const { at, failures, isMassDisappearance, visibleMessages } = observation
  const silence = observeSilence(before, observation)
  const conditions: Readonly<Record<SweepAlertKind, boolean | undefined>> = {
    // Failures below the limit leave the alert as it is: only a good sweep is an all-clear.
    sweep_failing: failures >= failuresBeforeAlert || (failures > 0 && open.sweep_failing !== undefined),
    callbacks_missing: silence !== undefined && areCallbacksMissing(silence, at),
    mass_disappearance: isMassDisappearance,
  }
  // Callbacks that were accepted may be waiting in the queue.
  const isDoubtful = visibleMessages > maxVisibleMessages
  const changes = sweepAlertKinds.flatMap((kind): SweepAlertChange[] => {
    const isOpen = open[kind] !== undefined
    if (conditions[kind] === undefined || conditions[kind] === isOpen) return []
    if (kind === 'callbacks_missing' && !isOpen && isDoubtful) return []
    return [{ kind, to: isOpen ? 'clear' : 'open' }]
  })
  return { changes, silence }
}
