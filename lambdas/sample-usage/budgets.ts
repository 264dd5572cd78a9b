import type { Deadline } from '../deadline.ts'

// The one place that divides the time of a sample. lib/usage-sampler.ts sets the function's timeout to 50 s.

/** ms kept for logging a failure. */
const logMs = 1_000

/** ms for the sample and for everything that is read and written for it. */
export function sampleBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - logMs
}
