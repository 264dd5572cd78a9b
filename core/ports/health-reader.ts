import type { SweepAlertKind } from '../notifications/sweep-alerts.ts'

/** Installation health. Times in ms since 1970. Figures of sweeps are undefined before the first one. */
export type Health = {
  /** Number of genuine callbacks applied in the last hour. */
  readonly callbacks_last_hour: number
  readonly dead_letters: number
  /** Number of events waiting to be applied or being applied. */
  readonly queue_depth: number
  /** When the latest genuine callback was received; undefined if not within the retention. */
  readonly last_callback_at: number | undefined
  /** Whether media servers have warnings that are not over. */
  readonly has_open_warnings: boolean
  /** When the latest sampled callback with a wrong `check_code` was received; undefined if none is kept. */
  readonly last_wrong_check_code_at: number | undefined
  /** Undefined until the first scheduled run. */
  readonly reconciliation: 'on' | 'off' | undefined
  /** What sweeps have alerted about and has not ended. */
  readonly open_alerts: readonly SweepAlertKind[]
  readonly drift_last_sweep: number | undefined
  readonly last_sweep_at: number | undefined
  readonly last_sweep_ok: boolean | undefined
}

export interface HealthReader {
  read(signal?: AbortSignal): Promise<Health>
}
