/** Figures of one kind, in the order in which they were measured. */
export type Sample = readonly number[]

/** @throws where there is nothing to take it of. */
export function median(sample: Sample): number {
  const sorted = sample.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new Error('the median of nothing')
  return (low + high) / 2
}

/** Half of the distance between the smallest and the largest figure, as a share of the median. */
export function spread(sample: Sample): number {
  const middle = median(sample)
  return middle === 0 ? 0 : (Math.max(...sample) - Math.min(...sample)) / 2 / middle
}

/**
 * Measures two things in turns, so that whatever changes on the machine meanwhile changes both.
 *
 * Each goes first in every other round. A round before all others warms up, unless each figure is of a new process.
 */
export async function interleave(
  rounds: number,
  ours: () => number | Promise<number>,
  peer: () => number | Promise<number>,
  { warmUp = true }: { warmUp?: boolean } = {},
): Promise<{ ours: Sample; peer: Sample }> {
  const measured = { ours: [] as number[], peer: [] as number[] }
  const sides = [
    { measure: ours, into: measured.ours },
    { measure: peer, into: measured.peer },
  ]
  for (let round = warmUp ? 0 : 1; round <= rounds; round++)
    for (const { measure, into } of round % 2 === 0 ? sides : sides.toReversed()) {
      const figure = await measure()
      if (round > 0) into.push(figure)
    }
  return measured
}
