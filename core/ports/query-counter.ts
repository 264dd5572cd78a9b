export interface QueryCounter {
  /** Counts a query. @param now ms since 1970. @returns how many there have been in the same second, with this one. */
  count(now: number, signal: AbortSignal): Promise<number>
}
