import type { Deadline } from '../deadline.ts'

// The one place that divides the time of a run. lib/dead-letter-redriver.ts sets the function's timeout to 60 s.

/** ms for putting dead letters back. */
const maxRedriveMs = 30_000
/** ms kept for requests that are under way when that time ends. */
const lastRequestMs = 10_000
/** ms kept at the end for releasing dead letters that stay. */
const releaseMs = 15_000
/** ms kept for the metrics and the response. */
const responseMs = 1_000

/** ms for reading whether dead letters may be put back. */
export function decideBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - responseMs
}

/** ms during which further dead letters are received. */
export function receiveBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxRedriveMs, remainingMs() - lastRequestMs - releaseMs - responseMs)
}

/** ms for receiving dead letters and putting them back, the last requests included. */
export function redriveBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - releaseMs - responseMs
}

/** ms for releasing dead letters that stay. */
export function releaseBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - responseMs
}
