import type { Interval } from '@northbound/avd-simulator'

/** Records when things were shown as present, by key. Times in ms. */
export class ShownIntervals {
  readonly #since = new Map<string, number>()
  readonly #ended = new Map<string, Interval[]>()

  set(key: string, shown: boolean, now: number): void {
    const since = this.#since.get(key)
    if (shown === (since !== undefined)) return
    if (since === undefined) {
      this.#since.set(key, now)
      return
    }
    this.#since.delete(key)
    if (now <= since) return
    const intervals = this.#ended.get(key) ?? []
    intervals.push({ from: since, to: now })
    this.#ended.set(key, intervals)
  }

  /** Ends everything that is still shown. @returns the intervals by key, each list in order. */
  finish(now: number): ReadonlyMap<string, readonly Interval[]> {
    for (const key of [...this.#since.keys()]) this.set(key, false, now)
    return this.#ended
  }
}
