import type { Period } from './period.ts'

/** Numbers of refused callbacks by outcome. */
export type RefusalCounts = Readonly<Record<string, number>>

export interface RefusalCounter {
  /** Adds to the refused callbacks that `GET /api/callbacks` shows. @param at ms since 1970: when they were refused. */
  add(counts: RefusalCounts, at: number, signal: AbortSignal): Promise<void>
}

export interface RefusalCountReader {
  /** Counts the callbacks that were refused in these whole minutes. */
  countRefusals(period: Period, signal?: AbortSignal): Promise<RefusalCounts>
}
