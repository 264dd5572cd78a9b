/** Formats ms since 1970 as ISO 8601, UTC, with milliseconds. */
export function isoTime(ms: number): string
export function isoTime(ms: number | null | undefined): string | null
export function isoTime(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString()
}
