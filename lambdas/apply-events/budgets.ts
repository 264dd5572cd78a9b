import type { Deadline } from '../deadline.ts'

// The one place that divides the time of an invocation. lib/northbound.ts sets the function's timeout to 60 s.

/** ms for the log and the projections of a batch. */
export const maxApplyMs = 20_000
/** ms for ending sessions at closes. */
const maxEndMs = 15_000
/** ms for settling rooms. */
const maxSettleMs = 10_000
/** ms for marking the projections of messages that become dead letters. */
const maxMarkMs = 5_000
/** ms kept at the end for the counter, the delays of failed messages, the metrics and the response. */
const reportMs = 3_000
/** ms for the delays of failed messages. */
const maxRetryMs = 2_000
/** ms kept for the response. */
const responseMs = 500

/** ms for keeping a sample of a refused callback, and for saving the counts of refused callbacks. */
export const maxSampleMs = 1_000

/** ms for reading the erasures. */
const maxErasureMs = 2_000
/** ms for reading the key of unverified callbacks. */
const maxKeyMs = 1_000
/** ms that must be left for verifying a callback, so that the event can be applied afterwards. */
export const minVerifyMs = 5_000

/** ms for reading the erasures. */
export function erasureBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxErasureMs, remainingMs() - reportMs)
}

/** ms for reading the key of unverified callbacks. */
export function keyBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxKeyMs, remainingMs() - reportMs)
}

/** ms for logging and projecting. */
export function applyBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxApplyMs, remainingMs() - reportMs)
}

/** ms for ending sessions at closes. */
export function endBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxEndMs, remainingMs() - reportMs)
}

/** ms for settling rooms. A budget of its own: a large close may have used up the one before. */
export function settleBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxSettleMs, remainingMs() - reportMs)
}

/** ms for marking projections. */
export function markBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxMarkMs, remainingMs() - reportMs)
}

/** ms for setting the delays of failed messages. */
export function retryBudgetMs({ remainingMs }: Deadline): number {
  return Math.min(maxRetryMs, remainingMs() - responseMs)
}

/** ms for publishing alerts and room events: everything that is left. */
export function publishBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - reportMs
}
