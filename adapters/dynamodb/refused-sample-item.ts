/** Samples that are kept of each outcome. */
export const maxSamplesPerOutcome = 5

export const sampleRetentionDays = 7

/** Sort key of a sample. @param slot 0 to 4: a newer sample in the same slot replaces it. */
export function sampleKey(outcome: string, slot: number): string {
  return `${outcome}/${slot}`
}
