import type { PartitionUnits } from './write-units.ts'

/**
 * Limits the write units of each partition, like a hot partition of DynamoDB: a token bucket for each partition that holds
 * the units of one second.
 */
export class PartitionThrottle {
  readonly #unitsPerSecond: number
  readonly #buckets = new Map<string, { tokens: number; refilledAtMs: number }>()

  constructor(unitsPerSecond: number) {
    this.#unitsPerSecond = unitsPerSecond
  }

  /**
   * Takes the units of a write from every partition that it touches, or none. A write of more units than a bucket holds needs a full
   * bucket.
   *
   * @param nowMs a monotonic clock's time in milliseconds.
   * @returns false if the write is throttled.
   */
  admit(write: readonly PartitionUnits[], nowMs: number): boolean {
    const touched = write.map(({ partition, units }) => ({ bucket: this.#refill(partition, nowMs), units }))
    if (touched.some(({ bucket, units }) => bucket.tokens < Math.min(units, this.#unitsPerSecond))) return false
    for (const { bucket, units } of touched) bucket.tokens -= units
    return true
  }

  /** Gives back the units of an admitted write that did not use them. */
  release(unused: readonly PartitionUnits[]): void {
    for (const { partition, units } of unused) {
      const bucket = this.#buckets.get(partition)
      if (bucket !== undefined) bucket.tokens += units
    }
  }

  #refill(partition: string, nowMs: number) {
    const bucket = this.#buckets.get(partition) ?? { tokens: this.#unitsPerSecond, refilledAtMs: nowMs }
    const earned = ((nowMs - bucket.refilledAtMs) / 1000) * this.#unitsPerSecond
    bucket.tokens = Math.min(this.#unitsPerSecond, bucket.tokens + earned)
    bucket.refilledAtMs = nowMs
    this.#buckets.set(partition, bucket)
    return bucket
  }
}
