/** `rate` in requests per second; `burst` is the capacity of the bucket. */
export interface ThrottleLimits {
  readonly rate: number
  readonly burst: number
}

/** API Gateway's throttling: each request takes a token; `rate` tokens a second are added, up to `burst`. */
export class TokenBucket {
  readonly #limits: ThrottleLimits
  readonly #now: () => number
  #tokens: number
  #filledAt: number

  /** @param now a monotonic clock in milliseconds. */
  constructor(limits: ThrottleLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
    this.#tokens = limits.burst
    this.#filledAt = now()
  }

  /** @returns false if the request must be throttled. */
  take(): boolean {
    const now = this.#now()
    const { rate, burst } = this.#limits
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * rate)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
