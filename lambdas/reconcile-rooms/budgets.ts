import type { Deadline } from '../deadline.ts'

// The one place that divides the time of a sweep. lib/reconciler.ts sets the function's timeout to 55 s.

/** ms kept after the room list for the corrections. */
const correctMs = 15_000
/** ms kept at the end for recording the result. */
const recordMs = 2_000
/** ms kept after the corrections for what the next sweep must know. */
const ledgerMs = 5_000
/** ms before the sweep for the all-clears of warnings. */
const endWarningsMs = 5_000
/** ms that every step gets at least. */
const minStepMs = 1_000

/** ms for reading the AVD secret, retries included. */
export const secretBudgetMs = 4_000

/** ms for the all-clears of warnings. The next run sends the others. */
export function endWarningsBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(endWarningsMs, remainingMs() - correctMs)
}

/** ms for reading the platform's room list. */
export function listBudgetMs({ remainingMs }: Deadline): number {
  return Math.max(remainingMs() - correctMs, minStepMs)
}

/** ms for taking the lease, or for comparing and sending the corrections. */
export function correctBudgetMs({ remainingMs }: Deadline): number {
  return Math.max(remainingMs() - recordMs, minStepMs)
}

/** Whether there is time to send more corrections. The next sweep sends the others. */
export function hasTimeToSend({ remainingMs }: Deadline): boolean {
  return remainingMs() > ledgerMs + recordMs
}

/** ms for recording a failed sweep: everything that is left. */
export function recordBudgetMs({ remainingMs }: Deadline): number {
  return Math.max(remainingMs(), minStepMs)
}
