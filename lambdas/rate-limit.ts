/**
 * Creates a limit: at most `maxCalls` calls return `true` within any `windowMs`.
 *
 * @param now ms since 1970
 */
export function createRateLimit(maxCalls: number, windowMs: number): (now: number) => boolean {
  const times: number[] = []
  return (now) => {
    const oldest = times[0]
    if (oldest !== undefined && times.length >= maxCalls) {
      // A clock that was set back must not block the calls for long.
      if (now >= oldest && now - oldest < windowMs) return false
      times.shift()
    }
    times.push(now)
    return true
  }
}
