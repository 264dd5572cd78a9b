import type { SeededRandom } from '../seeded-random.ts'

/** A number from `min` (inclusive) to `max` (exclusive), uniformly distributed. */
export function uniform(random: SeededRandom, min: number, max: number): number {
  return min + random.next() * (max - min)
}

export function exponential(random: SeededRandom, mean: number): number {
  return -mean * Math.log(1 - random.next())
}

/** @param spread standard deviation */
export function normal(random: SeededRandom, mean: number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return mean + spread * radius * Math.cos(2 * Math.PI * random.next())
}

/** A positive number whose logarithm is normally distributed, limited to `max`. @param spread of the logarithm */
export function logNormal(random: SeededRandom, median: number, spread: number, max: number): number {
  return Math.min(max, Math.exp(normal(random, Math.log(median), spread)))
}

/** Picks up to `count` different items. */
export function sample<Item>(random: SeededRandom, items: readonly Item[], count: number): Item[] {
  const remaining = [...items]
  const picked: Item[] = []
  while (picked.length < count && remaining.length > 0) {
    const [item] = remaining.splice(random.nextInteger(0, remaining.length - 1), 1)
    if (item !== undefined) picked.push(item)
  }
  return picked
}
