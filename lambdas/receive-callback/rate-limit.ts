/**
 * Creates a limit: at most `maxPerSecond` calls return `true` within any second.
 *
 * @param now ms since 1970
 */
export function createRateLimit(maxPerSecond: number): (now: number) => boolean {
  const times: number[] = []
  return (now) => {
    const oldest = times[0]
    if (oldest !== undefined && times.length >= maxPerSecond) {
      // A clock that was set back must not block the calls for long.
      if (now >= oldest && now - oldest < 1_000) return false
      times.shift()
    }
    times.push(now)
    return true
  }
}
