import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { CliError } from '../cli-error.ts'
import { finishFile, type PartFile, partOf } from './part-file.ts'
import type { ExportPlan } from './plan.ts'
import { maxSheetRows, writeWorkbook } from './workbook.ts'

export interface ExportProgress {
  readonly signal: AbortSignal
  readonly onRows: (rows: number) => void
}

/** Writes an export to a stream. @returns the number of rows. @throws the signal's reason if it aborts. */
export async function streamExport(
  plan: ExportPlan,
  output: Writable,
  { signal, onRows }: ExportProgress,
): Promise<number> {
  let rows = 0
  const write = async (text: string) => {
    if (text !== '' && !output.write(text)) await once(output, 'drain', { signal })
  }
  await write(plan.header)
  for await (const chunk of plan.read(null)) {
    signal.throwIfAborted()
    for (const text of chunk.texts) await write(text)
    rows += chunk.rows
    onRows(rows)
  }
  return rows
}

/**
 * Appends the rows of an export to its partial file. If it is stopped, the file can be continued.
 *
 * @throws CliError if they do not fit into a workbook.
 */
export async function fillPartFile(
  plan: ExportPlan,
  part: PartFile,
  isWorkbook: boolean,
  { signal, onRows }: ExportProgress,
): Promise<void> {
  try {
    onRows(part.position.rows)
    for await (const { texts, rows, place } of plan.read(part.position.place)) {
      signal.throwIfAborted()
      if (isWorkbook && part.position.rows + rows >= maxSheetRows) throw tooManyRows()
      await part.append(texts, rows, place)
      onRows(part.position.rows)
    }
  } finally {
    await part.close()
  }
}

function tooManyRows(): CliError {
  const max = (maxSheetRows - 1).toLocaleString('en')
  return new CliError({
    en: `a sheet has at most ${max} rows: choose a shorter interval, or --format csv`,
    zh: `一张工作表最多 ${max} 行：请缩短时间段，或使用 --format csv`,
  })
}

export interface FinishedFile {
  readonly file: string
  readonly titles: readonly string[]
  readonly timeZone: string
  readonly signal: AbortSignal
}

/** Makes the workbook from the partial file, and gives it its name. */
export async function finishWorkbook({ file, titles, timeZone, signal }: FinishedFile): Promise<void> {
  const workbook = `${partOf(file)}.xlsx`
  try {
    await writeWorkbook({ rowsFile: partOf(file), file: workbook, titles, timeZone, signal })
  } catch (error) {
    await rm(workbook, { force: true })
    throw error
  }
  await finishFile(file, workbook)
}
