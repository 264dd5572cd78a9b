/** A pseudo-random number generator (mulberry32). The same seed yields the same sequence. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** Returns true with the given probability, from 0 to 1. */
  nextBoolean(probability: number): boolean {
    return this.next() < probability
  }

  /** Returns an integer from `min` to `max`, both inclusive. */
  nextInteger(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** Returns one of the items, or undefined for an empty list. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.next() * items.length)]
  }

  /** Returns an id in the form of a UUID. */
  nextId(): string {
    const digits = Array.from({ length: 4 }, () => this.nextInteger(0, 0xffff_ffff).toString(16).padStart(8, '0')).join(
      '',
    )
    return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
  }
}
