import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { strToU8, Zip, ZipDeflate } from 'fflate'
import { type TableCell, toLocalClock } from '../../core/presentation/tables.ts'
import { escapeWorkbookText } from '../../core/presentation/workbook-text.ts'
import { ownerOnly } from './owner-only.ts'
import { fixedParts, sheetEnd, sheetStart } from './workbook-parts.ts'

/** Rows of a sheet, with the row of titles. */
export const maxSheetRows = 1_048_576
/** Characters of a cell. */
const maxCellLength = 32_767
/** Characters of XML that are compressed together. */
const chunkLength = 65_536

export interface WorkbookOptions {
  /** A file with the cells of each row as a line of JSON. */
  readonly rowsFile: string
  readonly file: string
  readonly titles: readonly string[]
  /** IANA name. */
  readonly timeZone: string
  readonly signal: AbortSignal
}

/** Writes a workbook with one sheet. Rows are read, compressed and written one after another, so memory does not grow with them. */
export async function writeWorkbook({ rowsFile, file, titles, timeZone, signal }: WorkbookOptions): Promise<void> {
  const target = await open(file, 'w', ownerOnly)
  try {
    const archive = createArchive(target)
    for (const [name, content] of fixedParts) await archive.add(name, [content])
    await archive.add('xl/worksheets/sheet1.xml', sheetXml())
    await archive.end()
  } finally {
    await target.close()
  }

  async function* sheetXml() {
    yield sheetStart(titles.length)
    let xml = rowXml(
      1,
      titles.map((title) => textCell(title, 1)),
    )
    let row = 1
    for await (const line of readLines(rowsFile)) {
      signal.throwIfAborted()
      const cells = JSON.parse(line) as readonly TableCell[]
      xml += rowXml(
        ++row,
        cells.map((cell) => toCellXml(cell, timeZone)),
      )
      if (xml.length < chunkLength) continue
      yield xml
      xml = ''
    }
    yield xml + sheetEnd
  }
}

/** Reads lines that end in a line feed. `node:readline` would also split at U+2028 and U+2029, which JSON does not escape. */
async function* readLines(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** Writes a ZIP archive part by part. */
function createArchive(target: FileHandle) {
  let pending: Uint8Array[] = []
  let failure: Error | undefined
  const zip = new Zip((error, data) => {
    if (error) failure = error
    else pending.push(data)
  })
  async function flush(): Promise<void> {
    if (failure !== undefined) throw failure
    const chunks = pending
    pending = []
    for (const chunk of chunks) await target.write(chunk)
  }
  return {
    async add(name: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
      const entry = new ZipDeflate(name, { level: 6 })
      zip.add(entry)
      for await (const part of parts) {
        entry.push(strToU8(part))
        await flush()
      }
      entry.push(new Uint8Array(), true)
      await flush()
    },
    async end(): Promise<void> {
      zip.end()
      await flush()
    },
  }
}

function rowXml(row: number, cells: readonly string[]): string {
  const content = cells.map((cell, column) => cell.replace('<c', `<c r="${columnName(column)}${row}"`)).join('')
  return `<row r="${row}">${content}</row>`
}

/** At most 26 columns. */
function columnName(column: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + column)
}

function toCellXml(cell: TableCell, timeZone: string): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`
  if (typeof cell === 'string') return textCell(cell, 0)
  if ('exact' in cell) return textCell(cell.exact, 3)
  // Days since 1900, as a workbook counts them.
  return `<c s="2"><v>${toLocalClock(cell.at, timeZone).getTime() / 86_400_000 + 25_569}</v></c>`
}

/** @param style 0: none, 1: bold, 3: text, which stays text when the cell is edited. */
function textCell(value: string, style: number): string {
  const cut = value.length <= maxCellLength ? value : `${value.slice(0, maxCellLength - 1).toWellFormed()}…`
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(escapeWorkbookText(cut))}</t></is></c>`
}

/** Characters that XML cannot have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be removed
const invalidInXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu

function escapeXml(value: string): string {
  return value
    .replace(invalidInXml, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}
