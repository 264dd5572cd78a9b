import { formatCauses } from './causes.ts'
import { type MixResult, type ReceiverName, receiverNames } from './measure.ts'
import type { TruthMix } from './mixes.ts'
import type { TruthScore } from './score.ts'

/** The results of a mix, one for each seed. */
export type MixResults = { readonly mix: TruthMix; readonly results: readonly MixResult[] }

const receiverLabels: Readonly<Record<ReceiverName, string>> = {
  ours: 'this project',
  sweeping: 'last one wins, sweep',
  naive: 'last one wins',
}

const columns: readonly (readonly [string, (score: TruthScore) => number])[] = [
  ['error', ({ ghost, missing }) => ghost + missing],
  ['ghost', ({ ghost }) => ghost],
  ['missing', ({ missing }) => missing],
  ['live ghost', ({ liveGhost }) => liveGhost],
  ['live missing', ({ liveMissing }) => liveMissing],
  ['attendance', ({ attendance }) => attendance],
  ['media', ({ media }) => media],
  ['false sessions', ({ falseSessions }) => falseSessions],
]

const maxCauses = 4

/** The mean of a figure over all seeds. */
export function meanOf({ results }: MixResults, receiver: ReceiverName, figure: (score: TruthScore) => number): number {
  const figures = results.map((result) => figure(result[receiver].score))
  return figures.reduce((sum, value) => sum + value, 0) / figures.length
}

/** A table of all figures, in %, and the largest causes of our errors. */
export function formatTruthReport(all: readonly MixResults[]): string {
  const header = ['', '', ...columns.map(([title]) => title)]
  const lines = all.flatMap((mix) =>
    receiverNames.map((receiver, index) => [
      index === 0 ? mix.mix.name : '',
      receiverLabels[receiver],
      ...columns.map(([, figure]) => meanOf(mix, receiver, figure).toFixed(3)),
    ]),
  )
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)))
  const table = [header, ...lines].map((line) =>
    line
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
  const causes = [
    `largest causes of errors, ${receiverLabels.ours}:`,
    ...all.map(({ mix, results }) => {
      const errors = results.flatMap((result) => result.ours.errors)
      return `  ${mix.name.padEnd(14)}${formatCauses(errors, maxCauses)}`
    }),
  ]
  return ['% of what is true, mean of all seeds:', ...table, ...causes].join('\n')
}
