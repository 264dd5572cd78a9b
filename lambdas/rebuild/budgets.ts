import type { Deadline } from '../deadline.ts'

// The one place that divides the time of an invocation. lib/rebuilder.ts sets the function's timeout to 55 s: the AWS CLI
// waits a minute for a response.

/** ms kept after the search for confirming the differences. */
const confirmMs = 20_000
/** ms kept at the end for sending the commands and for the response. */
const respondMs = 5_000

/** ms between two looks at a difference. An event is usually logged and projected within a second. */
export const settleMs = 3_000

/** ms for finding aggregates and comparing them with the log. */
export function searchBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - confirmMs - respondMs
}

/** ms for confirming the differences. */
export function confirmBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - respondMs
}

/** ms for sending the commands: everything that is left. */
export function sendBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs()
}
