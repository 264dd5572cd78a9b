import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { parseJson } from '../../core/protocol/parse-json.ts'
import { usageError } from '../cli-error.ts'
import { ownerOnly } from './owner-only.ts'

/** Where an export stands: everything before it is in the partial file. */
const positionSchema = z.object({
  /** What is exported. Another export does not continue the file. */
  request: z.string(),
  /** ms since 1970: when the export was begun. */
  startedAt: z.number(),
  /** Where the source continues; null if it starts again. */
  place: z.string().nullable(),
  rows: z.number(),
  bytes: z.number(),
})

export type Position = z.output<typeof positionSchema>

/** ms between two saves of the position. */
const savePeriodMs = 1_000

export interface PartFile {
  readonly position: Position
  readonly isResumed: boolean
  /** Appends rows. If it fails, the position is still that before all of them. */
  append(texts: Iterable<string>, rows: number, place: string | null): Promise<void>
  /** Saves the position, so that the export can be continued. */
  close(): Promise<void>
}

export const partOf = (file: string) => `${file}.part`
const positionOf = (file: string) => `${file}.part.json`

/**
 * Opens the partial file of an export, and continues it if it belongs to the same request and its source can be continued.
 *
 * @throws CliError if it belongs to another one.
 */
export async function openPartFile(file: string, request: string, now: number, header: string): Promise<PartFile> {
  const found = await readPosition(file)
  if (found !== undefined && found.request !== request) {
    throw usageError({
      en: `${partOf(file)} belongs to another export: delete it, or choose another file`,
      zh: `${partOf(file)} 属于另一次导出：请将其删除，或另选文件`,
    })
  }
  const stored = found?.place === null ? undefined : found
  const handle = await open(partOf(file), stored === undefined ? 'w' : 'r+', ownerOnly)
  let position = stored ?? { request, startedAt: now, place: null, rows: 0, bytes: 0 }
  await handle.truncate(position.bytes)
  let savedAt = 0
  const save = async () => {
    savedAt = Date.now()
    await handle.datasync()
    await savePosition(file, position)
  }
  if (stored === undefined) {
    position = { ...position, bytes: await writeAll(handle, Buffer.from(header), 0) }
    await save()
  }
  return {
    get position() {
      return position
    },
    isResumed: stored !== undefined,
    async append(texts, rows, place) {
      let bytes = position.bytes
      for (const text of texts) bytes += await writeAll(handle, Buffer.from(text), bytes)
      position = { ...position, place, rows: position.rows + rows, bytes }
      if (Date.now() - savedAt >= savePeriodMs) await save()
    },
    async close() {
      await save()
      await handle.close()
    },
  }
}

/** @returns the number of bytes. */
async function writeAll(handle: FileHandle, data: Buffer, at: number): Promise<number> {
  let written = 0
  while (written < data.length) {
    const { bytesWritten } = await handle.write(data, written, data.length - written, at + written)
    written += bytesWritten
  }
  return written
}

async function readPosition(file: string): Promise<Position | undefined> {
  const text = await readFile(positionOf(file), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const part = await stat(partOf(file)).catch(() => undefined)
  const position = positionSchema.safeParse(parseJson(text)).data
  // Without the rows, it starts again.
  return position !== undefined && part !== undefined && part.size >= position.bytes ? position : undefined
}

/** A crash leaves either the old or the new position. */
async function savePosition(file: string, position: Position): Promise<void> {
  const temporary = `${positionOf(file)}.new`
  await writeFile(temporary, JSON.stringify(position), { mode: ownerOnly })
  await rename(temporary, positionOf(file))
}

/** Gives the finished file its name. @param finished the file to rename, if it is not the partial file. */
export async function finishFile(file: string, finished = partOf(file)): Promise<void> {
  await rename(finished, file)
  for (const rest of [positionOf(file), partOf(file)]) await rm(rest, { force: true })
}
