import type { Cell, SheetData } from 'write-excel-file/node'
import { type Table, type TableCell, toLocalClock } from '../../core/presentation/tables.ts'
import { escapeWorkbookText } from '../../core/presentation/workbook-text.ts'

const maxColumnWidth = 40

/**
 * Builds a workbook with one sheet: a row of titles that stays visible, texts as text, times as local times. No cell is a formula,
 * because only texts, numbers and times are written.
 */
export async function toXlsx({ titles, rows, timeZone }: Table, sheetName: string): Promise<Buffer> {
  // Loaded only for this format: it takes some 15 ms (docs/decisions/0050).
  const { default: writeXlsxFile } = await import('write-excel-file/node')
  const heading = titles.map((title): Cell => ({ value: title, type: String, fontWeight: 'bold' }))
  const cells = rows.map((row) => row.map((cell) => toXlsxCell(cell, timeZone)))
  const sheet: SheetData = [heading, ...cells]
  const columns = titles.map((title, index) => ({ width: widthOf([title, ...rows.map((row) => row[index] ?? null)]) }))
  return writeXlsxFile(sheet, { sheet: sheetName, columns, stickyRowsCount: 1 }).toBuffer()
}

function toXlsxCell(cell: TableCell, timeZone: string): Cell {
  if (cell === null || typeof cell === 'number') return cell
  if (typeof cell === 'string') return { value: escapeWorkbookText(cell), type: String }
  // The format of text: an id stays text even when the cell is edited.
  if ('exact' in cell) return { value: escapeWorkbookText(cell.exact), type: String, format: '@' }
  return { value: toLocalClock(cell.at, timeZone), type: Date, format: 'yyyy-mm-dd hh:mm:ss' }
}

/** In characters. Chinese characters take up two. */
function widthOf(column: readonly TableCell[]): number {
  const widths = column.map((cell) => {
    if (cell === null) return 0
    if (typeof cell === 'object' && 'at' in cell) return 19
    const text = typeof cell === 'object' ? cell.exact : String(cell)
    return text.length + (text.match(/[\u0100-\uFFFF]/g)?.length ?? 0)
  })
  const widest = widths.reduce((one, other) => Math.max(one, other), 0)
  return Math.min(widest + 2, maxColumnWidth)
}
