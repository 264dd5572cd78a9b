import type { Deadline } from '../deadline.ts'

// The one place that divides the time of a sweep. lib/reconciler.ts sets the function's timeout to 55 s.

/** ms reserved at the end for the corrections and the ledger. */
const correctMs = 15_000
const minListMs = 1_000

/** ms for reading the platform's room list. */
export function listBudgetMs({ remainingMs }: Deadline): number {
  return Math.max(remainingMs() - correctMs, minListMs)
}
