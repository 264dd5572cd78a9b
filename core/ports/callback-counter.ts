/** Genuine callbacks that a batch applied. */
export type CountedCallbacks = {
  readonly count: number
  /** ms since 1970: when the latest of them was received. */
  readonly lastReceivedAt: number
}

export interface CallbackCounter {
  /** Adds to the callbacks that `GET /api/stats` shows. @param now ms since 1970. */
  add(callbacks: CountedCallbacks, now: number, signal?: AbortSignal): Promise<void>
}

export interface CallbackClock {
  /** @returns when the latest genuine callback was received (ms since 1970); undefined if none was in the last 30 days. */
  readLastCallback(signal?: AbortSignal): Promise<number | undefined>
}
