import type { SeededRandom } from '../seeded-random.ts'

/** Deals cards in a random order, each as often as it is in the deck, again and again. So small scripts have every kind, too. */
export class Deck<Card> {
  readonly #random: SeededRandom
  readonly #cards: readonly Card[]
  #left: Card[] = []

  /** @param counts how often each card is in the deck. */
  constructor(random: SeededRandom, counts: readonly (readonly [card: Card, count: number])[]) {
    this.#random = random
    this.#cards = counts.flatMap(([card, count]) => Array.from({ length: count }, () => card))
  }

  /** @returns the next card. @throws RangeError if the deck is empty. */
  deal(): Card {
    if (this.#left.length === 0) this.#left = [...this.#cards]
    const [card] = this.#left.splice(this.#random.nextInteger(0, this.#left.length - 1), 1)
    if (card === undefined) throw new RangeError('the deck is empty')
    return card
  }
}
