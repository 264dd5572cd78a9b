export interface EventCounter {
  /** Adds to the number of applied events that `GET /api/stats` shows. @param now ms since 1970. */
  add(events: number, now: number, signal?: AbortSignal): Promise<void>
}
