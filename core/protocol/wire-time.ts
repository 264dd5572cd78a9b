/**
 * Reads `start_time` and `stop_time`, whose format the document does not say: epoch seconds or milliseconds, ISO 8601,
 * or `YYYY-MM-DD HH:mm:ss` in the given IANA zone.
 *
 * @returns ms since 1970, or undefined where it is none of these.
 */
export function readWireTime(text: string, timeZone: string): number | undefined {
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
    const formatWallClock = Date.UTC(year, month - 1, day, hour, minute, second, fraction)
    // A day or an hour that no calendar or clock shows would silently become another one.
    const shown = new Date(formatWallClock)
    const exists =
      shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
    return exists ? fromZone(formatWallClock, timeZone) : undefined
  }
  const iso = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(trimmed) ? Date.parse(trimmed) : Number.NaN
  return Number.isNaN(iso) ? undefined : iso
}

/** The ms of a wall-clock time, given as if it were UTC. */
function fromZone(formatWallClock: number, timeZone: string): number {
  const first = formatWallClock - zoneOffset(formatWallClock, timeZone)
  // Around a change of summer time the offset at the guess is not the offset at the time itself.
  return formatWallClock - zoneOffset(first, timeZone)
}

/** ms by which the zone's clocks are ahead of UTC at that time. */
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
