import type { z } from 'zod'
import type { sessionSchema, userSessionSchema } from './response-schemas.ts'

type SessionAnswer = z.output<typeof sessionSchema>
type UserSessionAnswer = z.output<typeof userSessionSchema>

const columns = [
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

/** By this mark Excel knows that the text is UTF-8. */
const byteOrderMark = '\u{FEFF}'

/** A spreadsheet takes what begins so for a formula, after these blanks as well (OWASP, "CSV injection"). */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|%]|^[\t\r\n]/u

/**
 * Attendance for a spreadsheet: RFC 4180, with the mark of UTF-8, and no cell that would be run as a formula.
 *
 * @param header whether the page is the first: pages joined in order are one table.
 */
export function sessionsCsv(
  rows: readonly (SessionAnswer | UserSessionAnswer)[],
  { header, room }: CsvOptions,
): string {
  const names = room ? (['room_id', ...columns] as const) : columns
  const lines = rows.map((row) => names.map((name) => cell((row as Partial<UserSessionAnswer>)[name])).join(','))
  const head = header ? [`${byteOrderMark}${names.join(',')}`] : []
  return [...head, ...lines].map((line) => `${line}\r\n`).join('')
}

export type CsvOptions = {
  readonly header: boolean
  /** Whether the first column tells the room. */
  readonly room: boolean
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  // Where a spreadsheet splits at semicolons or tabs, what follows one begins a cell.
  const split = value.replace(/([;\t]\s*)([=+\-@])/g, "$1'$2")
  const harmless = formula.test(split) ? `'${split}` : split
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
