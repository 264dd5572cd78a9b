import { toCsv } from '../../core/presentation/csv.ts'
import { createTable, type Language, toCsvTable } from '../../core/presentation/tables.ts'
import type { RowFormat } from './row-formats.ts'

export const fileFormats = ['csv', 'ndjson', 'xlsx'] as const
export type FileFormat = (typeof fileFormats)[number]

/** Turns rows into the text of a partial file. */
export interface Encoder<Row> {
  /** What the file begins with. */
  readonly header: string
  encode(rows: readonly Row[]): string
}

export interface TableOptions {
  readonly language: Language
  /** IANA name. */
  readonly timeZone: string
}

/** A workbook is made from lines of cells as JSON when all rows are known. */
export function createEncoder<Row>(format: FileFormat, rowFormat: RowFormat<Row>, options: TableOptions): Encoder<Row> {
  const { toJson, csv, columns } = rowFormat
  const table = (rows: readonly Row[]) => createTable(rows, columns, options)
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('')
  if (format === 'ndjson') return { header: '', encode: (rows) => lines(rows.map(toJson)) }
  if (format === 'xlsx') return { header: '', encode: (rows) => lines(table(rows).rows) }
  if (csv === undefined)
    return { header: toCsvTable(table([]), true), encode: (rows) => toCsvTable(table(rows), false) }
  return {
    header: toCsv([], csv.columns, { header: true }),
    encode: (rows) => toCsv(rows.map(csv.toRecord), csv.columns, { header: false }),
  }
}
