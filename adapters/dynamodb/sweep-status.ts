import type { MassDisappearance } from '../../core/reconciliation/mass-disappearance.ts'

/** Partition key of what the sweeps store in the state table, beside the state. */
export const sweepGroup = 'sweep'

export const sweepStatusKey = { group: sweepGroup, item: 'status' }

/** The result of the last sweep, as stored; empty before the first one. */
export type SweepStatus = {
  readonly reconciliation?: 'on' | 'off'
  /** Number of failed sweeps in a row. */
  readonly failures: number
  /** ms since 1970 */
  readonly last_sweep_at?: number
  readonly last_sweep_ok?: boolean
  readonly drift?: number
  /** The generation of items with findings that is valid. */
  readonly findings?: string
  /** The episode that the last successful sweep found. */
  readonly mass_disappearance?: MassDisappearance
  /** Held by a running sweep. */
  readonly lease?: string
}
