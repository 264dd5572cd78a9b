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
  return typeof value === 'string' && column.endsWith('_id') ? protectText(value) : value
}

const monthNames =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'

/** What numbers, amounts, percentages, fractions, dates and times consist of, in English and in Chinese. */
const numericText = new RegExp(
  String.raw`^(?:\p{Nd}|[\s.,:/'()%\-+]|\p{Sc}|\de[+-]?\d|\d\s*[ap]m|\d\s+[ap]\b|(?<![a-z])(?:${monthNames})(?![a-z])|[年月日时時分秒]|上午|下午)+$`,
  'iu',
)
const plainNumber = /^(?:0|[1-9]\d{0,14})$/
const truthOrErrorValue = /^(?:true|false|#(?:n\/a|ref!|value!|name\?|div\/0!|num!|null!))$/i

/**
 * Marks a text as text if a spreadsheet would take it for something else and change it: a number with leading zeros, more than 15
 * digits, an exponent or separators, an amount, a date, a time, a truth value or an error.
 */
export function protectText(text: string): string {
  return isChangedBySpreadsheets(text.trim()) ? `'${text}` : text
}

function isChangedBySpreadsheets(text: string): boolean {
  if (plainNumber.test(text)) return false
  const halfWidth = text.replace(/[！-～]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
  return truthOrErrorValue.test(halfWidth) || (/\p{Nd}/u.test(halfWidth) && numericText.test(halfWidth))
}

function toCell(value: CsvCell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  // Some spreadsheets also split at semicolons or tabs, so text after one could start a formula.
  const split = value.replace(/(?<=[;\t]\s*)[=+\-@]/g, "'$&")
  const safe = formulaStart.test(split) ? `'${split}` : split
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
