/** Figures of one kind, in the order in which they were measured. */
export type BenchSample = readonly number[]

/** @throws Error if the sample is empty. */
export function median(sample: BenchSample): number {
  const sorted = sample.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new Error('an empty sample has no median')
  return (low + high) / 2
}

/** Half the distance between the smallest and the largest figure, divided by the median. */
export function relativeSpread(sample: BenchSample): number {
  const middle = median(sample)
  return middle === 0 ? 0 : (Math.max(...sample) - Math.min(...sample)) / 2 / middle
}

/**
 * Measures two sides in alternation, so that a change on the machine affects both.
 *
 * The side that goes first changes every round. One extra round warms up and is not counted, unless each figure comes
 * from a new process.
 */
export async function interleave(
  rounds: number,
  ours: () => number | Promise<number>,
  peer: () => number | Promise<number>,
  { warmUp = true }: { warmUp?: boolean } = {},
): Promise<{ ours: BenchSample; peer: BenchSample }> {
  const samples = { ours: [] as number[], peer: [] as number[] }
  const sides = [
    { measure: ours, sample: samples.ours },
    { measure: peer, sample: samples.peer },
  ]
  for (let round = warmUp ? 0 : 1; round <= rounds; round++)
    for (const { measure, sample } of round % 2 === 0 ? sides : sides.toReversed()) {
      const figure = await measure()
      if (round > 0) sample.push(figure)
    }
  return samples
}
