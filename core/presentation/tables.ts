import { zoneOffsetMs } from '../protocol/time-zone.ts'
import { protectText, toCsv } from './csv.ts'

export const languages = ['en', 'zh'] as const

export type Language = (typeof languages)[number]

/** `at`: a time in ms since 1970, shown in the time zone of the table. `exact`: an id or a name, which must not change. */
export type TableCell = string | number | null | { readonly at: number } | { readonly exact: string }

export type TableColumn<Row> = {
  readonly title: Readonly<Record<Language, string>>
  readonly cell: (row: Row, language: Language) => TableCell
}

/** A table for people: with titles in their language, and times in their time zone. */
export type Table = {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly TableCell[])[]
  /** IANA name. */
  readonly timeZone: string
}

export function createTable<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { language, timeZone }: { readonly language: Language; readonly timeZone: string },
): Table {
  return {
    titles: columns.map(({ title }) => title[language]),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row, language))),
    timeZone,
  }
}

/** Minutes, rounded to hundredths. The clock of API Gateway may go back slightly, so `ms` can be negative. */
export function toMinutes(ms: number): number {
  return Math.max(0, Math.round(ms / 600) / 100)
}

/** @param header whether to start with the titles; false for the parts after the first. */
export function toCsvTable({ titles, rows, timeZone }: Table, header: boolean): string {
  const records = rows.map((cells) =>
    Object.fromEntries(titles.map((title, index) => [title, toCsvCell(cells[index] ?? null, timeZone)])),
  )
  return toCsv(records, titles, { header })
}

function toCsvCell(cell: TableCell, timeZone: string): string | number | null {
  if (cell === null || typeof cell !== 'object') return cell
  return 'exact' in cell ? protectText(cell.exact) : formatLocalTime(cell.at, timeZone)
}

/** Formats ms since 1970 as `YYYY-MM-DD HH:mm:ss`, which spreadsheets read as a time. */
function formatLocalTime(at: number, timeZone: string): string {
  return toLocalClock(at, timeZone).toISOString().slice(0, 19).replace('T', ' ')
}

/** A date whose UTC fields show the local time, without fractions of a second. */
export function toLocalClock(at: number, timeZone: string): Date {
  const second = Math.floor(at / 1000) * 1000
  return new Date(second + zoneOffsetMs(second, timeZone))
}
