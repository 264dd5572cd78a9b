import type { StormOutcome } from './model.ts'

/** The figures of a simulated storm. Delays are sorted. */
export type StormSummary = {
  /** The message group of the storm. */
  readonly group: string
  /** When the last event of the storm was applied. */
  readonly lastAppliedMs: number
  readonly delaysMs: readonly number[]
  /** Of the events of other rooms that arrived meanwhile. */
  readonly otherDelaysMs: readonly number[]
  readonly maxWaiting: number
}

/** @param group the message group of the storm. */
export function summarizeStorm({ delays, depths }: StormOutcome, group: string): StormSummary {
  const storm = delays.filter((delay) => delay.group === group)
  const lastAppliedMs = storm.at(-1)?.atMs ?? 0
  const others = delays.filter(({ atMs, delayMs, ...delay }) => {
    const arrivedAtMs = atMs - delayMs
    return delay.group !== group && arrivedAtMs >= 0 && arrivedAtMs <= lastAppliedMs
  })
  const sort = (list: StormOutcome['delays']) => list.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)
  return {
    group,
    lastAppliedMs,
    delaysMs: sort(storm),
    otherDelaysMs: sort(others),
    maxWaiting: depths.reduce((max, { waiting }) => Math.max(max, waiting), 0),
  }
}

/** The value that this share of the sorted values does not exceed; 0 for an empty list. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
