import { type BenchSample, median, relativeSpread } from './statistics.ts'

/** All rows, in the order of the table. */
export const rowNames = [
  'cold-receive',
  'bundle-receive',
  'warm-receive',
  'warm-verify',
  'apply-requests',
  'apply-write-units',
  'apply-duplicates',
  'apply-redelivered',
  'cost-per-million',
  'idle-month-usd',
  'idle-month-chat-usd',
  'apply-drain',
  'board-requests',
  'room-page-requests',
  'room-page-ms',
  'visited-room-requests',
  'visited-room-ms',
  'rebuild-seconds',
  'rebuild-memory-mib',
  'sweep-seconds',
  'sweep-memory-mib',
  'recovery-seconds-5',
  'recovery-seconds-30',
  'recovery-seconds-120',
  'secret-outage-cold-lost',
  'secret-outage-warm-lost',
  'load-lost',
  'load-answer-p50',
  'load-answer-p99',
  'load-burst-seconds',
  'load-memory-growth',
  'storm-5000-seconds',
  'storm-others-p99-seconds-detected',
  'storm-others-p99-seconds-undetected',
  'storm-model-error',
  'truth-error-clean',
  'truth-error-reorder',
  'truth-error-loss',
  'truth-error-crash',
  'truth-error-partial-list',
  'truth-error-all-mild',
  'truth-error-all-hard',
]

/** A measurement of this project and of a peer: what people would otherwise use. */
export type BenchRow = {
  readonly name: string
  readonly unit: string
  readonly ours: BenchSample
  /** Null if there is no peer. */
  readonly peer: BenchSample | null
  readonly targets: BenchTargets
  /** True for requests, units and bytes, which are the same on every machine; false for times and memory. */
  readonly counted: boolean
}

export type BenchTargets = {
  /** Limit of ours / peer. */
  readonly maxRatio?: number
  /** Limit of ours, in the unit of the row. */
  readonly maxOurs?: number
}

/** A row of `bench/results.json`. */
export type BenchResult = {
  readonly name: string
  /** Median. */
  readonly ours: number
  /** Median. */
  readonly peer: number | null
  readonly ratio: number | null
  readonly unit: string
  /** Size of the sample. */
  readonly n: number
}

export function resultOf({ name, unit, ours, peer }: BenchRow): BenchResult {
  const oursMedian = median(ours)
  const peerMedian = peer === null ? null : median(peer)
  return {
    name,
    ours: roundToFourDigits(oursMedian),
    peer: peerMedian === null ? null : roundToFourDigits(peerMedian),
    ratio: peerMedian === null ? null : roundToFourDigits(oursMedian / peerMedian),
    unit,
    n: ours.length,
  }
}

/** Describes each target that the row misses. */
export function listMissedTargets(row: BenchRow): string[] {
  const { ours, ratio } = resultOf(row)
  const { maxRatio, maxOurs } = row.targets
  const missed: string[] = []
  if (maxRatio !== undefined && (ratio ?? Number.POSITIVE_INFINITY) > maxRatio)
    missed.push(`ratio ${ratio} is above ${maxRatio}`)
  if (maxOurs !== undefined && ours > maxOurs) missed.push(`${ours} ${row.unit} is above ${maxOurs}`)
  return missed
}

const columns = ['row', 'ours', 'peer', 'ratio', 'target', 'unit', 'n', ''] as const

/** The rows as an aligned text table. */
export function formatTable(rows: readonly BenchRow[]): string {
  const cells = [[...columns], ...rows.map(formatCells)]
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function formatCells(row: BenchRow): string[] {
  const { name, ours, peer, ratio, unit, n } = resultOf(row)
  const { maxRatio, maxOurs } = row.targets
  const targets = [
    ...(maxRatio === undefined ? [] : [`ratio ≤ ${maxRatio}`]),
    ...(maxOurs === undefined ? [] : [`≤ ${maxOurs}`]),
  ]
  return [
    name,
    `${ours}${formatSpread(row.ours)}`,
    peer === null ? '–' : `${peer}${formatSpread(row.peer ?? [])}`,
    ratio === null ? '–' : String(ratio),
    targets.join(', '),
    unit,
    String(n),
    targets.length === 0 ? '' : listMissedTargets(row).length === 0 ? 'reached' : 'MISSED',
  ]
}

function formatSpread(sample: BenchSample): string {
  const spread = relativeSpread(sample)
  return spread === 0 ? '' : ` ±${Math.round(spread * 100)} %`
}

/** Further digits are noise. */
function roundToFourDigits(figure: number): number {
  return Number(figure.toPrecision(4))
}
