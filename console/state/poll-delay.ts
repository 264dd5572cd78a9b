const second = 1000
const minute = 60 * second

/** Someone uses the page if the last input was less than this ago. */
const maxAttendedMs = 5 * minute

/** The intervals by the time since something changed. */
const intervals = [
  { forMs: 10 * minute, intervalMs: 5 * second },
  { forMs: 60 * minute, intervalMs: 15 * second },
] as const

/** The interval of a page on which nothing has happened for an hour. */
const maxIntervalMs = 30 * second

type Activity = {
  /** ms since the data last changed, or since the last input if that is less. */
  readonly quietMs: number
  /** ms since the user last did something. */
  readonly unattendedMs: number
  /** How long the last response took. */
  readonly responseMs: number
}

/** @returns ms until the page asks again. */
export function pollDelayMs({ quietMs, unattendedMs, responseMs }: Activity): number {
  // Slow responses mean load on the API, so the interval grows with the response time.
  return Math.max(intervalMs(quietMs, unattendedMs), 2 * responseMs)
}

function intervalMs(quietMs: number, unattendedMs: number): number {
  if (quietMs < minute) return unattendedMs < maxAttendedMs ? 2 * second : 4 * second
  return intervals.find(({ forMs }) => quietMs < forMs)?.intervalMs ?? maxIntervalMs
}
