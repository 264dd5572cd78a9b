/** Enough characters to find an event by its `trace_id`. A sender can choose values of any length. */
const maxLoggedLength = 100

/** Truncates a value that a callback sent, so that it cannot flood the log. */
export function truncateForLog(value: string): string {
  return value.slice(0, maxLoggedLength)
}
