import type { UsageHour } from '../../core/usage/usage-hour.ts'
import { msPerHour } from '../../core/usage/usage-hour.ts'
import type { ItemKey } from './keys.ts'

/** Partition key of the items of the state table that hold usage. */
export const usageGroup = 'usage'

/** An item for each hour: the values of its quarters in the order of `UsageQuarter`. */
export type UsageItem = ItemKey & {
  readonly last_at: number
  readonly quarters: readonly (readonly [number, number, number, number, number])[]
}

/** Sort key: the hour in UTC, such as `2026-11-26T08`. @param hour hours since 1970, from 0 to those of the year 9999. */
export function usageKey(hour: number): string {
  return new Date(Math.min(hour, maxHour) * msPerHour).toISOString().slice(0, 13)
}

/** The last hour whose key sorts by time. */
const maxHour = Date.UTC(9999, 11, 31, 23) / msPerHour

export function toUsageItem({ hour, last_at, quarters }: UsageHour): UsageItem {
  return {
    group: usageGroup,
    item: usageKey(hour),
    last_at,
    quarters: quarters.map((quarter) => [
      quarter.sampled,
      quarter.peak_people,
      quarter.peak_rooms,
      quarter.person_minutes,
      quarter.meetings,
    ]),
  }
}

export function fromUsageItem({ item, last_at, quarters }: UsageItem): UsageHour {
  return {
    hour: Date.parse(`${item}:00Z`) / msPerHour,
    last_at,
    quarters: quarters.map(([sampled, peak_people, peak_rooms, person_minutes, meetings]) => {
      return { sampled, peak_people, peak_rooms, person_minutes, meetings }
    }),
  }
}
