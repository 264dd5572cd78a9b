/**
 * Limits the writes of each partition, like a hot partition of DynamoDB: a token bucket for each partition that holds
 * the writes of one second.
 */
export class PartitionThrottle {
  readonly #writesPerSecond: number
  readonly #buckets = new Map<string, { tokens: number; refilledAtMs: number }>()

  constructor(writesPerSecond: number) {
    this.#writesPerSecond = writesPerSecond
  }

  /**
   * Takes a token from every partition that a write touches, or none.
   *
   * @param nowMs a monotonic clock's time in milliseconds.
   * @returns false if the write is throttled.
   */
  admit(partitions: readonly string[], nowMs: number): boolean {
    const touched = partitions.map((partition) => this.#refill(partition, nowMs))
    if (touched.some(({ tokens }) => tokens < 1)) return false
    for (const bucket of touched) bucket.tokens--
    return true
  }

  #refill(partition: string, nowMs: number) {
    const bucket = this.#buckets.get(partition) ?? { tokens: this.#writesPerSecond, refilledAtMs: nowMs }
    const earned = ((nowMs - bucket.refilledAtMs) / 1000) * this.#writesPerSecond
    bucket.tokens = Math.min(this.#writesPerSecond, bucket.tokens + earned)
    bucket.refilledAtMs = nowMs
    this.#buckets.set(partition, bucket)
    return bucket
  }
}
