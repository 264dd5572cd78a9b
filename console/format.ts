import { currentLocale } from './language.ts'
import { timeZone } from './time-zone.ts'

type Style =
  | 'dateTime'
  | 'clock'
  | 'hourMinute'
  | 'hourMinuteSecond'
  | 'minute'
  | 'day'
  | 'month'
  | 'shortDay'
  | 'shortWeekday'
  | 'shortMonth'
  | 'year'

const options: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  dateTime: { dateStyle: 'short', timeStyle: 'medium' },
  clock: { timeStyle: 'medium' },
  hourMinute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  hourMinuteSecond: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  day: { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' },
  month: { year: 'numeric', month: 'long' },
  shortDay: { month: 'short', day: 'numeric' },
  shortWeekday: { month: 'short', day: 'numeric', weekday: 'short' },
  shortMonth: { month: 'short' },
  year: { year: 'numeric' },
}

/** Chinese days are shorter with a number for the month. */
const chineseOptions: Partial<Record<Style, Intl.DateTimeFormatOptions>> = {
  shortDay: { month: 'numeric' },
  shortWeekday: { month: 'numeric' },
}

/** Creating a formatter takes much longer than using one. */
const formats = new Map<string, Intl.DateTimeFormat>()

function findFormat(style: Style): Intl.DateTimeFormat {
  const [locale, zone] = [currentLocale(), timeZone.value]
  const key = `${locale} ${zone} ${style}`
  const chinese = locale === 'zh-CN' ? chineseOptions[style] : {}
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options[style], ...chinese, timeZone: zone })
  formats.set(key, format)
  return format
}

/** Formats date and time in the time zone of the installation. A text that is no time is returned as it is. */
export function formatDateTime(iso: string): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? iso : findFormat('dateTime').format(at)
}

/** Formats the time of day in the time zone of the installation. @param at ms since 1970. */
export const formatClock = (at: number) => findFormat('clock').format(at)

/** Formats a time with a precision, in the time zone of the installation. @param at ms since 1970. */
export const formatTo = (precision: Exclude<Style, 'dateTime' | 'clock'>, at: number) =>
  findFormat(precision).format(at)

/** Formats two times, the date once if both are on the same day. @param from ms since 1970. @param to ms since 1970. */
export const formatRange = (from: number, to: number) => findFormat('minute').formatRange(from, to)

export const formatNumber = (value: number) => value.toLocaleString(currentLocale())
