import type { SweepAlertState } from '../notifications/sweep-alerts.ts'

/** Remembers between sweeps which alerts are open. Only the sweep that holds the lease uses it. */
export interface SweepAlertStore {
  read(signal?: AbortSignal): Promise<SweepAlertState>
  write(state: SweepAlertState, signal?: AbortSignal): Promise<void>
}
