type CsvCell = string | number | boolean | null

export type CsvRow<Column extends string> = Readonly<Record<Column, CsvCell>>

export const sessionColumns = [
  'user_id',
  'user_name',
  'joined_at',
  'left_at',
  'seconds',
  'leave_reason',
  'endpoint_type',
  'reconnects',
  'estimated',
] as const

export const userSessionColumns = ['room_id', ...sessionColumns] as const

export const recordingColumns = [
  'room_id',
  'exporter_id',
  'exporter_type',
  'status',
  'started_at',
  'stopped_at',
  'ready_at',
  'files',
  'reason',
] as const

/** Excel recognises UTF-8 by the byte order mark. */
const byteOrderMark = '\u{FEFF}'

/** Spreadsheets run cells that start like this as formulas, even after white space (OWASP, "CSV injection"). */
const formulaStart = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|%]|^[\t\r\n]/u

/**
 * CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, and no cell that would run as a formula.
 *
 * @param header whether to start with the column names; false for the pages after the first, so that the pages can be
 *   joined into one table.
 */
export function toCsv<Column extends string>(
  rows: readonly CsvRow<Column>[],
  columns: readonly Column[],
  { header }: { readonly header: boolean },
): string {
  const lines = rows.map((row) => columns.map((column) => toCell(cellOf(row, column))).join(','))
  if (header) lines.unshift(`${byteOrderMark}${columns.join(',')}`)
  return lines.map((line) => `${line}\r\n`).join('')
}

function cellOf<Column extends string>(row: CsvRow<Column>, column: Column): CsvCell {
  const value = row[column]
  return typeof value === 'string' && column.endsWith('_id') ? protectId(value) : value
}

const month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'

/** Numbers with leading zeros or more digits than a spreadsheet keeps, with an exponent; dates, times and truth values. */
const changedBySpreadsheets = new RegExp(
  String.raw`^(0\d+|\d{16,}|\d+(\.\d*)?e\d+|\d+([-/.:]\d+)+|\d+[-/. ]?${month}|${month}[-/. ]?\d+|true|false)$`,
  'i',
)

/** Marks an id as text if a spreadsheet would change it. */
export function protectId(id: string): string {
  return changedBySpreadsheets.test(id.trim()) ? `'${id}` : id
}

function toCell(value: CsvCell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  // Some spreadsheets also split at semicolons or tabs, so text after one could start a formula.
  const split = value.replace(/([;\t]\s*)([=+\-@])/g, "$1'$2")
  const safe = formulaStart.test(split) ? `'${split}` : split
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
