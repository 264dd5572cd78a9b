/** Requests a second, and how many at once. */
export interface Throttle {
  readonly rate: number
  readonly burst: number
}

/** How API Gateway throttles: each request takes a token, of which `rate` come in a second until there are `burst`. */
export class TokenBucket {
  readonly #throttle: Throttle
  readonly #now: () => number
  #tokens: number
  #filledAt: number

  /** @param now milliseconds that only grow. */
  constructor(throttle: Throttle, now: () => number = () => performance.now()) {
    this.#throttle = throttle
    this.#now = now
    this.#tokens = throttle.burst
    this.#filledAt = now()
  }

  /** @returns false where the request is to be turned away. */
  take(): boolean {
    const now = this.#now()
    const { rate, burst } = this.#throttle
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * rate)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
