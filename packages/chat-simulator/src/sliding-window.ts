export interface RateLimit {
  readonly maxMessages: number
  readonly windowMs: number
  /** How long everything is refused once the limit is exceeded. Default 0: until the window has room again. */
  readonly banMs?: number
}

/** Counts the messages of a robot over the last `windowMs`. */
export class SlidingWindow {
  readonly #limit: RateLimit
  #times: number[] = []
  #bannedUntil = Number.NEGATIVE_INFINITY

  constructor(limit: RateLimit) {
    this.#limit = limit
  }

  /** Whether one more message would exceed the limit now. @param now ms since 1970. */
  isExceeded(now: number): boolean {
    if (now < this.#bannedUntil) return true
    this.#times = this.#times.filter((at) => at > now - this.#limit.windowMs)
    if (this.#times.length < this.#limit.maxMessages) return false
    this.#bannedUntil = now + (this.#limit.banMs ?? 0)
    return true
  }

  add(now: number): void {
    this.#times.push(now)
  }
}
