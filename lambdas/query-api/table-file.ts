import { type Table, toCsvTable } from '../../core/presentation/tables.ts'
import type { RouteResult } from './http-response.ts'
import { toXlsx } from './xlsx.ts'

type TableFile = {
  /** Without an extension. */
  readonly name: string
  readonly format: 'csv' | 'xlsx'
  /** Whether this part of the table starts with the titles. Each workbook does. */
  readonly hasTitles: boolean
  /** Continues after these rows; null if there are no more. */
  readonly cursor: string | null
}

/** Responds with a table as a file. */
export async function respondWithTable(
  table: Table,
  { name, format, hasTitles, cursor }: TableFile,
): Promise<RouteResult> {
  if (format === 'csv') return { csv: toCsvTable(table, hasTitles), fileName: `${name}.csv`, cursor }
  return { xlsx: await toXlsx(table, name), fileName: `${name}.xlsx`, cursor }
}
