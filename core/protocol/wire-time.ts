/**
 * Parses `start_time` and `stop_time`, whose format is not documented: epoch seconds or milliseconds, ISO 8601, or
 * `YYYY-MM-DD HH:mm:ss` in the given IANA time zone.
 *
 * @returns ms since 1970, or undefined for any other text.
 */
export function parseWireTime(text: string, timeZone: string): number | undefined {
  const trimmed = text.trim()
  if (/^\d{9,11}(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000)
  if (/^\d{12,14}$/.test(trimmed)) return Number(trimmed)
  const local = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?$/.exec(
    trimmed,
  )
  if (local !== null) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = local
      .slice(1, 7)
      .map((part) => Number(part ?? 0))
    const fraction = Number((local[7] ?? '0').padEnd(3, '0'))
    const wallClock = Date.UTC(year, month - 1, day, hour, minute, second, fraction)
    // Date.UTC turns a day or an hour that does not exist into another one, which must not be accepted.
    const shown = new Date(wallClock)
    const exists =
      shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
    return exists ? toEpochMs(wallClock, timeZone) : undefined
  }
  const iso = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(trimmed) ? Date.parse(trimmed) : Number.NaN
  return Number.isNaN(iso) ? undefined : iso
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
