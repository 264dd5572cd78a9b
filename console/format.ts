import { type ConsoleLanguage, currentLocale, language } from './language.ts'

type Style = 'dateTime' | 'clock' | 'minute' | 'day' | 'month'

const options: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  dateTime: { dateStyle: 'short', timeStyle: 'medium' },
  clock: { timeStyle: 'medium' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  day: { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' },
  month: { year: 'numeric', month: 'long' },
}

/** Creating a formatter takes much longer than using one. */
const formats = new Map<`${ConsoleLanguage} ${Style}`, Intl.DateTimeFormat>()

function findFormat(style: Style): Intl.DateTimeFormat {
  const key = `${language.value} ${style}` as const
  const format = formats.get(key) ?? new Intl.DateTimeFormat(currentLocale(), options[style])
  formats.set(key, format)
  return format
}

/** Formats date and time in the time zone of the browser. A text that is no time is returned as it is. */
export function formatDateTime(iso: string): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? iso : findFormat('dateTime').format(at)
}

/** Formats the time of day in the time zone of the browser. @param at ms since 1970. */
export const formatClock = (at: number) => findFormat('clock').format(at)

/** Formats a time to the minute, a day, or a month, in the time zone of the browser. @param at ms since 1970. */
export const formatTo = (precision: 'minute' | 'day' | 'month', at: number) => findFormat(precision).format(at)
