/** `rate` in requests per second; `burst` is the capacity of the bucket. */
export interface ThrottleLimits {
  readonly rate: number
  readonly burst: number
}

/** API Gateway's throttling: each request takes a token; `rate` tokens a second are added, up to `burst`. */
export class TokenBucket {
  readonly #limits: ThrottleLimits
  readonly #nowMs: () => number
  #tokens: number
  #filledAtMs: number

  /** @param nowMs a monotonic clock in milliseconds. */
  constructor(limits: ThrottleLimits, nowMs: () => number = () => performance.now()) {
    this.#limits = limits
    this.#nowMs = nowMs
    this.#tokens = limits.burst
    this.#filledAtMs = nowMs()
  }

  /** @returns false if the request must be throttled. */
  take(): boolean {
    const nowMs = this.#nowMs()
    const { rate, burst } = this.#limits
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#filledAtMs) / 1000) * rate)
    this.#filledAtMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
