/**
 * Reads a `start_time` or `stop_time`: epoch seconds or milliseconds, or a date and time, without an offset in the time zone (docs/protocol.md,
 * "format of start_time and stop_time").
 *
 * @param utcOffsetMinutes of the installation's time zone, which must not have daylight saving time.
 * @returns ms since 1970; undefined for a text that is not a time.
 */
export function readWireTime(text: string, utcOffsetMinutes: number): number | undefined {
  const trimmed = text.trim()
  if (/^\d{9,11}$/.test(trimmed)) return Number(trimmed) * 1000
  if (/^\d{13}$/.test(trimmed)) return Number(trimmed)
  const withOffset = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(trimmed)
  if (withOffset) return Date.parse(trimmed.replace(' ', 'T'))
  const isLocal = /^\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(trimmed)
  if (!isLocal) return undefined
  return Date.parse(`${trimmed.replaceAll('/', '-').replace(' ', 'T')}Z`) - utcOffsetMinutes * 60_000
}
