import type { RefusalCounter } from '../core/ports/refusal-counter.ts'
import { rejectionOutcomes } from '../names/outcomes.ts'
import type { CallbackError } from './callback-error.ts'
import { orAbort, withBudget } from './deadline.ts'
import { createRateLimit } from './rate-limit.ts'

const minuteMs = 60_000
const shownOutcomes: readonly string[] = rejectionOutcomes
/** An environment saves its counts at most this often (docs/contract.md, section 6). */
const maxSaves = 4
const savesWindowMs = 20_000

export type RefusalTallyOptions = {
  readonly counter: RefusalCounter
  /** ms for saving the counts. */
  readonly maxSaveMs: number
  readonly reportError: (message: string, error: unknown) => void
}

/** Counts refused callbacks. Never fails. @param now ms since 1970 */
export type RefusalTally = (refusals: readonly CallbackError[], now: number) => Promise<void>

/**
 * Creates a tally that counts callbacks refused with 4xx, except probes, in memory, and saves the counts of whole minutes at most four times in
 * 20 s, so that a flood of refusals causes few writes. What is not saved yet is saved with a later refusal of the environment.
 *
 * Counts whose write fails are dropped: the write may have been made. So the numbers are too low rather than too high.
 */
export function createRefusalTally({ counter, maxSaveMs, reportError }: RefusalTallyOptions): RefusalTally {
  const maySave = createRateLimit(maxSaves, savesWindowMs)
  /** Unsaved counts by outcome, for each minute in ms since 1970. */
  let unsaved = new Map<number, Record<string, number>>()
  return async (refusals, now) => {
    const minute = now - (now % minuteMs)
    for (const { outcome } of refusals) {
      if (!shownOutcomes.includes(outcome)) continue
      const counts = unsaved.get(minute) ?? {}
      unsaved.set(minute, { ...counts, [outcome]: (counts[outcome] ?? 0) + 1 })
    }
    if (unsaved.size === 0 || !maySave(now)) return
    const counted = [...unsaved]
    unsaved = new Map()
    try {
      await withBudget(maxSaveMs, 'no time was left to count the refused callback', (signal) =>
        orAbort(Promise.all(counted.map(([at, counts]) => counter.add(counts, at, signal))), signal),
      )
    } catch (error) {
      reportError('refused callbacks not counted', error)
    }
  }
}
