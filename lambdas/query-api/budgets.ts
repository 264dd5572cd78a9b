import type { Deadline } from '../deadline.ts'

// The one place that divides the time of a query. lib/query-api.ts sets the function's timeout to 15 s.

/** ms kept at the end for the response. */
const respondMs = 2_000

/** ms for reading the API token, retries included. */
export const secretBudgetMs = 4_000

/** ms for counting a query, which passes if that takes longer. */
export const countBudgetMs = 500

/** ms after which a CSV response reads no further page. */
export const maxCsvReadMs = 5_000

/** ms for reading what the response contains: everything that is left. */
export function readBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - respondMs
}
