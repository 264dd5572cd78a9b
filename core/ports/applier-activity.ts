import type { ApplierActivity } from '../retries/recovery.ts'

export interface FailureRecorder {
  /** Remembers that messages failed. @param now ms since 1970. */
  record(now: number, signal?: AbortSignal): Promise<void>
}

export interface ApplierActivityReader {
  /** @param now ms since 1970. */
  read(now: number, signal?: AbortSignal): Promise<ApplierActivity>
}
