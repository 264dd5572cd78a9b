import type { Deadline } from '../deadline.ts'

/** ms kept for the response. lib/all-clear-sender.ts sets the function's timeout to 30 s. */
const responseMs = 1_000

/** ms for publishing the all-clear, retries included. */
export function publishBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - responseMs
}
