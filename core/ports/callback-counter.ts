import type { Period } from './period.ts'

/** Numbers of callbacks by kind: an event of the document, or `otherEvents`. */
export type CallbackCounts = Readonly<Record<string, number>>

/** Genuine callbacks that a batch applied. */
export type CountedCallbacks = {
  readonly count: number
  readonly kinds: CallbackCounts
  /** ms since 1970: when the latest of them was received. */
  readonly lastReceivedAt: number
}

export interface CallbackCounter {
  /** Adds to the callbacks that `GET /api/stats` and `GET /api/callbacks` show. @param now ms since 1970. */
  add(callbacks: CountedCallbacks, now: number, signal?: AbortSignal): Promise<void>
}

export interface CallbackClock {
  /** @returns when the latest genuine callback was received (ms since 1970); undefined if none is known any more. */
  readLastCallback(signal?: AbortSignal): Promise<number | undefined>
}

export interface CallbackCountReader {
  /** Counts the callbacks that were applied in these whole minutes. */
  countByKind(period: Period, signal?: AbortSignal): Promise<CallbackCounts>
}
