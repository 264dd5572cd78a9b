const msPerDay = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** The offset of an IANA time zone from UTC at `at` (ms since 1970). */
export function zoneOffsetMs(at: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? createFormat(timeZone)
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}

/**
 * Converts a wall-clock time to ms since 1970. Of a time that occurs twice, when clocks are set back, the first one counts. A
 * time that does not occur, when they are set forward, is as long after the change as it seems to be.
 */
export function toEpochMs(wallClock: number, timeZone: string): number {
  // No zone changes its offset twice within two days.
  const beforeChange = wallClock - zoneOffsetMs(wallClock - msPerDay, timeZone)
  const afterChange = wallClock - zoneOffsetMs(wallClock + msPerDay, timeZone)
  const occurrences = [beforeChange, afterChange].filter((at) => at + zoneOffsetMs(at, timeZone) === wallClock)
  return occurrences.length === 0 ? beforeChange : Math.min(...occurrences)
}
