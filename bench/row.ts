import { median, type Sample, spread } from './statistics.ts'

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
  'apply-drain',
  'room-page-requests',
  'room-page-ms',
  'sweep-seconds',
  'sweep-memory-mib',
]

/** What was measured, of us and of what people would otherwise use. */
export type Row = {
  readonly name: string
  readonly unit: string
  readonly ours: Sample
  /** Null where there is nothing to compare with. */
  readonly peer: Sample | null
  readonly targets: Targets
  /** Requests, units and bytes are the same on every machine; times and memory are not. */
  readonly counted: boolean
}

export type Targets = {
  /** The most that ours / peer may be. */
  readonly ratio?: number
  /** The most that ours may be, in the row's unit. */
  readonly ours?: number
}

/** A row of `bench/results.json`. */
export type Result = {
  readonly name: string
  readonly ours: number
  readonly peer: number | null
  readonly ratio: number | null
  readonly unit: string
  /** Figures that each median is of. */
  readonly n: number
}

export function resultOf({ name, unit, ours, peer }: Row): Result {
  const [own, other] = [median(ours), peer === null ? null : median(peer)]
  return {
    name,
    ours: rounded(own),
    peer: other === null ? null : rounded(other),
    ratio: other === null ? null : rounded(own / other),
    unit,
    n: ours.length,
  }
}

/** The targets that the row misses, in words. */
export function missedTargets(row: Row): string[] {
  const { ours, ratio } = resultOf(row)
  const missed: string[] = []
  if (row.targets.ratio !== undefined && (ratio ?? Number.POSITIVE_INFINITY) > row.targets.ratio)
    missed.push(`ratio ${ratio} is above ${row.targets.ratio}`)
  if (row.targets.ours !== undefined && ours > row.targets.ours)
    missed.push(`${ours} ${row.unit} is above ${row.targets.ours}`)
  return missed
}

const columns = ['row', 'ours', 'peer', 'ratio', 'target', 'unit', 'n', ''] as const

/** The rows as a table for the screen. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [[...columns], ...rows.map(cellsOf)]
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

function cellsOf(row: Row): string[] {
  const { name, ours, peer, ratio, unit, n } = resultOf(row)
  const { targets } = row
  const wanted = [
    ...(targets.ratio === undefined ? [] : [`ratio ≤ ${targets.ratio}`]),
    ...(targets.ours === undefined ? [] : [`≤ ${targets.ours}`]),
  ]
  return [
    name,
    `${ours}${spreadOf(row.ours)}`,
    peer === null ? '–' : `${peer}${spreadOf(row.peer ?? [])}`,
    ratio === null ? '–' : String(ratio),
    wanted.join(', '),
    unit,
    String(n),
    wanted.length === 0 ? '' : missedTargets(row).length === 0 ? 'reached' : 'MISSED',
  ]
}

function spreadOf(sample: Sample): string {
  const share = spread(sample)
  return share === 0 ? '' : ` ±${Math.round(share * 100)} %`
}

/** Four significant digits: more is noise. */
function rounded(figure: number): number {
  return Number(figure.toPrecision(4))
}
