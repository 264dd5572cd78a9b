/** Days of the user's calendar, as `2026-11-26`; empty if there is no limit. */
export type Days = { readonly from: string; readonly to: string }

/** The parameters `from` and `to` of the API for these days, both included, in the time zone of the browser. */
export function toPeriod({ from, to }: Days): Readonly<Record<string, string>> {
  return { ...startOfDay('from', from, 0), ...startOfDay('to', to, 1) }
}

function startOfDay(name: 'from' | 'to', day: string, daysLater: number): Readonly<Record<string, string>> {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  if (year === undefined) return {}
  return { [name]: new Date(Number(year), Number(month) - 1, Number(date) + daysLater).toISOString() }
}

/** The last seven days and today, in the time zone of the browser. */
export function lastWeek(now: Date): Days {
  return lastDays(now, 7)
}

/** Today and as many days before it, in the time zone of the browser. */
export function lastDays(now: Date, daysBefore: number): Days {
  const first = new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBefore)
  return { from: formatDay(first), to: formatDay(now) }
}

/** All days of a month, in the time zone of the browser. @param monthsBefore 0 for the month of `now`. */
export function monthBefore(now: Date, monthsBefore: number): Days {
  const month = now.getMonth() - monthsBefore
  const [first, last] = [new Date(now.getFullYear(), month, 1), new Date(now.getFullYear(), month + 1, 0)]
  return { from: formatDay(first), to: formatDay(last) }
}

function formatDay(date: Date): string {
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}
