import { toEpochMs } from './time-zone.ts'

const minTime = Date.UTC(2000, 0, 1)
const maxTime = Date.UTC(2100, 0, 1)

/** Hours and minutes; a `+` that was decoded as a space counts as well. */
const offsetPattern = String.raw`\s*(Z|[+ -]\d{2}(?::?\d{2})?)?`
const secondsPattern = String.raw`(?::?(\d{2})(?:[.,](\d{1,9}))?)?`
const withSeparators = new RegExp(
  String.raw`^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:T|\s+)(\d{1,2}):(\d{2})${secondsPattern}${offsetPattern}$`,
  'i',
)
const compact = new RegExp(String.raw`^(\d{4})()(\d{2})(\d{2})T?(\d{2})(\d{2})${secondsPattern}${offsetPattern}$`, 'i')

/**
 * Parses `start_time` and `stop_time`, whose format is not documented: epoch seconds or milliseconds, or a date and time such
 * as `YYYY-MM-DD HH:mm:ss` or `YYYYMMDDHHmm[ss]`, in the given IANA time zone if it has no offset.
 *
 * @returns ms since 1970, or undefined for any other text and for a time before 2000 or after 2099.
 */
export function parseWireTime(text: string, timeZone: string): number | undefined {
  const parsed = parseTime(text.trim(), timeZone)
  return parsed !== undefined && parsed >= minTime && parsed < maxTime ? parsed : undefined
}

function parseTime(text: string, timeZone: string): number | undefined {
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  if (/^\d{13}$/.test(text)) return Number(text)
  const [, year, , month, day, hour, minute, second = 0, fraction = '', sentOffset] =
    withSeparators.exec(text) ?? compact.exec(text) ?? []
  const wallClock = toWallClock([year, month, day, hour, minute, second].map(Number), fraction)
  if (wallClock === undefined) return undefined
  return sentOffset === undefined ? toEpochMs(wallClock, timeZone) : wallClock - parseOffset(sentOffset)
}

/** ms since 1970, as if the time were in UTC. @returns undefined for a day or an hour that does not exist. */
function toWallClock(parts: readonly number[], fraction: string): number | undefined {
  const [year = Number.NaN, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
  const wallClock = Date.UTC(year, month - 1, day, hour, minute, second, Number(fraction.slice(0, 3).padEnd(3, '0')))
  // Date.UTC turns what does not exist into another time.
  const shown = new Date(wallClock)
  const exists =
    shown.getUTCFullYear() === year && shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day && hour < 24
  return exists && minute < 60 && second < 60 ? wallClock : undefined
}

/** ms */
function parseOffset(sent: string): number {
  if (/^z$/i.test(sent)) return 0
  const digits = sent.replace(/\D/g, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return (sent.startsWith('-') ? -minutes : minutes) * 60_000
}
