import type { RefusalOutcome } from '../../names/outcomes.ts'
import { group } from '../../names/refused-samples.ts'
import type { ItemKey } from './keys.ts'

/** Samples that are kept of each outcome. */
export const maxSamplesPerOutcome = 5

export const sampleRetentionDays = 7

/** The keys of all samples of an outcome. */
export function sampleKeys(outcome: RefusalOutcome): ItemKey[] {
  return Array.from({ length: maxSamplesPerOutcome }, (_, slot) => ({ group, item: sampleKey(outcome, slot) }))
}

/** Sort key of a sample. @param slot 0 to 4: a newer sample in the same slot replaces it. */
export function sampleKey(outcome: string, slot: number): string {
  return `${outcome}/${slot}`
}
