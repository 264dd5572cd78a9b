const minTime = Date.UTC(2000, 0, 1)
const maxTime = Date.UTC(2100, 0, 1)

/**
 * Parses `start_time` and `stop_time`, whose format is not documented: epoch seconds or milliseconds, ISO 8601, or
 * `YYYY-MM-DD HH:mm:ss` or `YYYYMMDDHHmm[ss]` in the given IANA time zone.
 *
 * @returns ms since 1970, or undefined for any other text and for a time before 2000 or after 2099.
 */
export function parseWireTime(text: string, timeZone: string): number | undefined {
  const time = parseTime(text.trim(), timeZone)
  return time !== undefined && time >= minTime && time < maxTime ? time : undefined
}

function parseTime(text: string, timeZone: string): number | undefined {
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  if (/^\d{13}$/.test(text)) return Number(text)
  const local =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?()$/.exec(text)
  if (local !== null) return parseLocalTime(local, timeZone)
  const iso = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(iso) ? undefined : iso
}

/** @param match year, month, day, hour, minute, second and its fraction. */
function parseLocalTime(match: readonly string[], timeZone: string): number | undefined {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const fraction = Number((match[7] || '0').padEnd(3, '0'))
  const wallClock = Date.UTC(year, month - 1, day, hour, minute, second, fraction)
  // Date.UTC turns a day or an hour that does not exist into another one, which must not be accepted.
  const shown = new Date(wallClock)
  const exists =
    shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return exists ? toEpochMs(wallClock, timeZone) : undefined
}

/** Converts a wall-clock time, given as if it were UTC, to ms since 1970. */
function toEpochMs(wallClock: number, timeZone: string): number {
  const first = wallClock - zoneOffset(wallClock, timeZone)
  // Around a daylight-saving change, the offset at the first estimate differs from the offset at the time itself.
  return wallClock - zoneOffset(first, timeZone)
}

/** The zone's offset from UTC at that time. ms. */
function zoneOffset(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}
