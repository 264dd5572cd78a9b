/** Installation health. Times in ms since 1970. Figures of sweeps are undefined before the first one. */
export type Health = {
  readonly events_last_hour: number
  readonly dead_letters: number
  /** Number of events waiting to be applied or being applied. */
  readonly queue_depth: number
  /** When the latest batch of events was applied; undefined if not within the last hour. */
  readonly last_event_at: number | undefined
  /** Undefined until the first scheduled run. */
  readonly reconciliation: 'on' | 'off' | undefined
  readonly drift_last_sweep: number | undefined
  readonly last_sweep_at: number | undefined
  readonly last_sweep_ok: boolean | undefined
}

export interface HealthReader {
  read(signal?: AbortSignal): Promise<Health>
}
