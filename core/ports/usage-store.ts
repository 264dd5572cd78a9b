import type { UsageHour } from '../usage/usage-hour.ts'

/** Stores the samples of usage by hour. */
export interface UsageStore {
  /** Reads the latest hour that has samples, or undefined. */
  readLatest(signal?: AbortSignal): Promise<UsageHour | undefined>
  /**
   * @param expectedLastAt the `last_at` that the stored hour must have; undefined if it must not be stored yet.
   * @returns `conflict` without a write if it has another one.
   */
  write(hour: UsageHour, expectedLastAt: number | undefined, signal?: AbortSignal): Promise<'written' | 'conflict'>
}

/** Hours of the interval in hours since 1970: `from` is inclusive, `to` exclusive. */
export type UsageHoursRequest = { readonly from: number; readonly to: number; readonly maxHours: number }

export interface UsageReader {
  /**
   * Reads hours with one request, newest first.
   *
   * @returns `next`: the `to` with which the list continues; undefined at its end.
   */
  listHours(
    request: UsageHoursRequest,
    signal?: AbortSignal,
  ): Promise<{ readonly hours: readonly UsageHour[]; readonly next: number | undefined }>
}
