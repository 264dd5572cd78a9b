/** Measures the CPU time of this thread. Waiting does not count, and other processes hardly do. */
export async function measureCpu<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly cpuMs: number }> {
  const before = process.threadCpuUsage()
  const result = await run()
  const { user, system } = process.threadCpuUsage(before)
  return { result, cpuMs: (user + system) / 1_000 }
}

/** ms of CPU for one input, with a margin for garbage collection. */
export const maxFuzzCpuMs = 1_500

const fixedSeed = 22

/**
 * The parameters of a property. The environment variable NORTHBOUND_FUZZ_FACTOR multiplies the number of inputs, and makes
 * them new ones each time.
 */
export function fuzzParameters(count: number): { readonly numRuns: number; readonly seed?: number } {
  const factor = process.env.NORTHBOUND_FUZZ_FACTOR
  return factor === undefined ? { numRuns: count, seed: fixedSeed } : { numRuns: Math.ceil(count * Number(factor)) }
}

/** Counts the responses to many inputs, and keeps the CPU time of the slowest one. */
export class FuzzTally {
  readonly #statuses = new Map<number, number>()
  slowestMs = 0

  add(status: number, cpuMs = 0): void {
    this.#statuses.set(status, this.count(status) + 1)
    this.slowestMs = Math.max(this.slowestMs, cpuMs)
  }

  count(status: number): number {
    return this.#statuses.get(status) ?? 0
  }

  print(inputs: string): void {
    const statuses = [...this.#statuses].toSorted(([one], [other]) => one - other)
    const total = statuses.reduce((sum, [, times]) => sum + times, 0)
    const responses = statuses.map(([status, times]) => `${status}: ${times}`).join(', ')
    const slowest = this.slowestMs === 0 ? '' : `, slowest ${this.slowestMs.toFixed(1)} ms of CPU`
    process.stdout.write(`${total} ${inputs} (${responses})${slowest}\n`)
  }
}
