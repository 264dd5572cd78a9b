import { parseArgs } from 'node:util'
import { rowNames } from './row.ts'

export type BenchOptions = {
  readonly short: boolean
  /** Whether a counted row that misses its target fails the run. */
  readonly counted: boolean
  /** Prefixes of the rows to run; undefined: all. */
  readonly only: readonly string[] | undefined
  /** Path of the results file. */
  readonly results: string | undefined
}

/** @throws Error if an option or a row is unknown. */
export function readOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      counted: { type: 'boolean', default: false },
      only: { type: 'string' },
      results: { type: 'string' },
    },
  })
  const only = values.only?.split(',')
  const unknown = only?.find((prefix) => !rowNames.some((name) => name.startsWith(prefix)))
  if (unknown !== undefined) throw new Error(`no row starts with "${unknown}"; the rows are ${rowNames.join(', ')}`)
  return { short: values.short, counted: values.counted, only, results: values.results }
}

/** Whether at least one of these rows was requested. */
export function isRequested({ only }: BenchOptions, ...names: readonly string[]): boolean {
  return only === undefined || names.some((name) => only.some((prefix) => name.startsWith(prefix)))
}

/** The amount of work for each row. */
export function loadsOf({ short }: BenchOptions) {
  return short
    ? {
        rounds: 1,
        calls: 2_000,
        drainedEvents: 500,
        rebuiltEvents: 25_000,
        participants: 5_000,
        truthSeeds: 1,
        outages: [5],
        secretOutageSeconds: 20,
        load: { seconds: 10, burstEvents: 500 },
        memorySections: 4,
      }
    : {
        rounds: 5,
        calls: 30_000,
        drainedEvents: 10_000,
        rebuiltEvents: 250_000,
        participants: 100_000,
        truthSeeds: 3,
        outages: [5, 30, 120],
        secretOutageSeconds: 600,
        load: { seconds: 60, burstEvents: 5_000 },
        memorySections: 20,
      }
}
