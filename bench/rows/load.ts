import { callbacksPerSecond, type LoadOutcome, type LoadSize, measureLoad } from '../load/measure-load.ts'
import { type MemoryOutcome, measureMemory, memoryGrowth } from '../load/measure-memory.ts'
import type { BenchRow } from '../row.ts'
import { percentile } from '../storm/summary.ts'

/**
 * Sends two hundred callbacks a second and a burst through the whole local system: what is lost, and how long answers take. The
 * process fails if anything is wrong.
 *
 * @param assembly folder of the cloud assembly.
 */
export async function measureLoadRows(assembly: string, size: LoadSize): Promise<{ rows: BenchRow[]; report: string }> {
  const outcome = await measureLoad(assembly, size)
  const report = formatLoad(outcome, size)
  process.stderr.write(`${report}\n`)
  if (outcome.mistakes.length > 0) process.exitCode = 1
  const load = `${callbacksPerSecond} callbacks a second`
  const ratioRow = (name: string, share: number) => ({
    ...uncounted,
    name,
    unit: `times the answer time at rest, ${share * 100} % of the answers, ${load}`,
    ours: [percentileOf(outcome.loadedMs, share) / percentileOf(outcome.quietMs, share)],
  })
  return {
    report,
    rows: [
      {
        name: 'load-lost',
        unit: `events lost or doubled, ${size.seconds} s with ${load} and a burst of ${size.burstEvents}`,
        ours: [outcome.lost],
        peer: null,
        targets: { maxOurs: 0 },
        counted: true,
      },
      ratioRow('load-answer-p50', 0.5),
      ratioRow('load-answer-p99', 0.99),
      {
        ...uncounted,
        name: 'load-burst-seconds',
        unit: `seconds until a burst of ${size.burstEvents} events is applied`,
        ours: [outcome.burstSeconds],
        targets: { maxOurs: 60 },
      },
    ],
  }
}

/** Compares the memory of the local system early and late in a long load. */
export async function measureMemoryRow(assembly: string, sections: number): Promise<{ row: BenchRow; report: string }> {
  const outcome = await measureMemory(assembly, sections)
  const report = formatMemory(outcome)
  process.stderr.write(`${report}\n`)
  if (outcome.acknowledged !== outcome.logged) process.exitCode = 1
  return {
    report,
    row: {
      ...uncounted,
      name: 'load-memory-growth',
      unit: `times the memory early in ${outcome.logged} events`,
      ours: [memoryGrowth(outcome.sections)],
      targets: { maxOurs: 1.1 },
    },
  }
}

const uncounted = { peer: null, targets: {}, counted: false }

function formatLoad({ sent, lost, mistakes, quietMs, loadedMs, ...seconds }: LoadOutcome, size: LoadSize): string {
  const format = (answerMs: readonly number[]) =>
    [0.5, 0.99, 1].map((share) => `${percentileOf(answerMs, share).toFixed(1)} ms`).join(', ')
  return [
    `${size.seconds} s with ${callbacksPerSecond} callbacks a second: ${sent} sent; ${lost} lost or doubled; ${mistakes.join('; ') || 'no mistakes'}`,
    `  answers (median, 99 %, maximum): at rest ${format(quietMs)}; under load ${format(loadedMs)}`,
    `  all applied ${seconds.settleSeconds.toFixed(1)} s after the load, and ${seconds.burstSeconds.toFixed(1)} s after the begin of a burst of ${size.burstEvents}`,
  ].join('\n')
}

function formatMemory({ acknowledged, logged, sections }: MemoryOutcome): string {
  return `${acknowledged} callbacks acknowledged, ${logged} events in the log; MiB after each section: ${sections.join(', ')}`
}

function percentileOf(sample: readonly number[], share: number): number {
  return percentile(
    sample.toSorted((a, b) => a - b),
    share,
  )
}
