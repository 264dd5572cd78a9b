import type { BenchRow } from '../row.ts'
import { measureMix } from '../truth/measure.ts'
import { truthMixes } from '../truth/mixes.ts'
import { formatTruthReport, type MixResults, meanOf } from '../truth/report.ts'
import type { TruthScore } from '../truth/score.ts'

const errorOf = ({ ghost, missing }: TruthScore) => ghost + missing

/**
 * Measures how wrong the sessions are, in simulated installations whose truth is known (docs/truth.md). The peer applies
 * callbacks as they arrive, and makes its state equal to the platform's list every minute.
 *
 * @param seeds number of traces of each mix
 */
export function measureTruth(seeds: number): { rows: BenchRow[]; report: string } {
  const all: MixResults[] = truthMixes.map((mix) => ({
    mix,
    results: Array.from({ length: seeds }, (_, index) => measureMix(mix, index + 1)),
  }))
  const rows = all.map(
    (results): BenchRow => ({
      name: `truth-error-${results.mix.name}`,
      unit: `% of person-minutes, mean of ${seeds} seeds`,
      ours: [meanOf(results, 'ours', errorOf)],
      peer: [meanOf(results, 'sweeping', errorOf)],
      targets: { maxOurs: results.mix.maxErrorPercent },
      counted: true,
    }),
  )
  return { rows, report: formatTruthReport(all) }
}
