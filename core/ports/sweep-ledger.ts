import type { SweepFindings } from '../reconciliation/findings.ts'

export type SweepReport = {
  /** ms since 1970: when the sweep started. */
  readonly at: number
} & (
  | { readonly ok: true; readonly drift: number; readonly findings: SweepFindings }
  /** A failed sweep proves nothing: the findings of the last successful one are kept. */
  | { readonly ok: false }
)

/** A sweep that holds the lease. */
export type SweepLease = {
  /** What the last successful sweep found; nothing if that was more than a day ago. */
  readonly findings: SweepFindings
  /** Whether the sweep before this one succeeded. */
  readonly isContinued: boolean
  /** Number of failed sweeps in a row so far. */
  readonly failures: number
  /** Stores the report and releases the lease. @throws if another sweep has taken over the lease. */
  end(report: SweepReport, signal?: AbortSignal): Promise<void>
}

export interface SweepLedger {
  /** Records that no platform is configured, so that the statistics can say so. */
  recordDisabled(signal?: AbortSignal): Promise<void>
  /** Takes the sweep lease for `leaseMs`. @returns undefined if another sweep holds it. */
  begin(now: number, leaseMs: number, signal?: AbortSignal): Promise<SweepLease | undefined>
}
