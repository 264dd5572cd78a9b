import { toEpochMs, zoneOffsetMs } from '../../core/protocol/time-zone.ts'

/** Days of the installation's calendar, as `2026-11-26`; empty if there is no limit. */
export type Days = { readonly from: string; readonly to: string }

/** The parameters `from` and `to` of the API for these days, both included. @param zone IANA name. */
export function toPeriod({ from, to }: Days, zone: string): Readonly<Record<string, string>> {
  return { ...startOfDay('from', from, 0, zone), ...startOfDay('to', to, 1, zone) }
}

function startOfDay(
  name: 'from' | 'to',
  day: string,
  daysLater: number,
  zone: string,
): Readonly<Record<string, string>> {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  if (year === undefined) return {}
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(date) + daysLater)
  return { [name]: new Date(toEpochMs(midnight, zone)).toISOString() }
}

/** The last seven days and today. @param nowMs since 1970. @param zone IANA name. */
export const lastWeek = (nowMs: number, zone: string) => lastDays(nowMs, 7, zone)

/** Today and as many days before it. @param nowMs since 1970. @param zone IANA name. */
export function lastDays(nowMs: number, daysBefore: number, zone: string): Days {
  const today = toWallClock(nowMs, zone)
  return { from: formatDay(today, -daysBefore), to: formatDay(today) }
}

/** All days of a month. @param monthsBefore 0 for the month of `nowMs` (since 1970). @param zone IANA name. */
export function monthBefore(nowMs: number, monthsBefore: number, zone: string): Days {
  const today = toWallClock(nowMs, zone)
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() - monthsBefore]
  return { from: formatDay(new Date(Date.UTC(year, month, 1))), to: formatDay(new Date(Date.UTC(year, month + 1, 0))) }
}

/** The date and time in the zone, as the UTC fields of a Date. @param at ms since 1970. @param zone IANA name. */
export const toWallClock = (at: number, zone: string) => new Date(at + zoneOffsetMs(at, zone))

function formatDay(wallClock: Date, daysLater = 0): string {
  const day = new Date(wallClock)
  day.setUTCDate(day.getUTCDate() + daysLater)
  return day.toISOString().slice(0, 10)
}
