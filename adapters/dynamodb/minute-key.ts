const minuteMs = 60_000

/** The number of the minute that a time (ms since 1970) is in, as text that sorts by time. */
export function minuteKey(ms: number): string {
  return String(Math.floor(ms / minuteMs)).padStart(12, '0')
}
