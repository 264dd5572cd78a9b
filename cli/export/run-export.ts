import { dynamodbCatalogReader } from '../../adapters/dynamodb/catalog-reader.ts'
import { dynamodbMeetingReader } from '../../adapters/dynamodb/meeting-reader.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { dynamodbSessionReader } from '../../adapters/dynamodb/session-reader.ts'
import { allTime } from '../../core/ports/period.ts'
import { usageError } from '../cli-error.ts'
import type { UserTables } from '../erase/search-user.ts'
import { tablesOf } from '../erase/user-tables.ts'
import { findInstallation, type InstallationOptions } from '../installation.ts'
import type { Text } from '../language.ts'
import { startProgress } from '../progress.ts'
import { printNotice, printResult, type Terminal } from '../terminal.ts'
import { type FileFormat, fileFormats } from './encoder.ts'
import { finishFile, openPartFile, type Position } from './part-file.ts'
import { planPerson } from './person.ts'
import { type ExportKind, type ExportPlan, planExport } from './plan.ts'
import type { ExportReaders, ExportRequest } from './sources.ts'
import { fillPartFile, finishWorkbook, streamExport } from './write-export.ts'

export interface ExportOptions extends InstallationOptions {
  readonly what?: ExportKind | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly user?: string | undefined
  readonly room?: string | undefined
  readonly format?: FileFormat | undefined
  readonly out: string
  readonly timeZone: string
  readonly json?: true | undefined
}

const label = { en: 'rows:', zh: '行数：' }

/** Writes the rows to standard output. */
export async function exportToOutput(terminal: Terminal, options: ExportOptions): Promise<void> {
  const tables = await findTables(terminal, options)
  const plan = createPlan(terminal, options, tables, Date.now())
  const progress = startProgress(terminal, { label })
  const { signal, stdout } = terminal
  const rows = await streamExport(plan, stdout, { signal, onRows: (count) => progress.update(count) }).finally(() =>
    progress.stop(),
  )
  printNotice(terminal, { en: `${rows} rows`, zh: `共 ${rows} 行` })
}

/** Writes the rows to a partial file, which gets its name when it is complete. */
export async function exportFile(terminal: Terminal, options: ExportOptions): Promise<void> {
  const { out, timeZone, what = 'person' } = options
  const tables = await findTables(terminal, options)
  const format = formatOf(options)
  const isWorkbook = format === 'xlsx'
  const { from, to, user, room } = options
  const scope = { what, format, from, to, user, room, timeZone, tables: tables.stateTable, language: terminal.language }
  const now = Date.now()
  const { header } = createPlan(terminal, options, tables, now)
  const part = await openPartFile(out, JSON.stringify(scope), now, header)
  const { startedAt, rows: rowsBefore } = part.position
  if (part.isResumed)
    printNotice(terminal, { en: `continuing after ${rowsBefore} rows`, zh: `从第 ${rowsBefore} 行之后继续` })
  const plan = createPlan(terminal, options, tables, startedAt)
  const progress = startProgress(terminal, { label })
  const { signal } = terminal
  try {
    await fillPartFile(plan, part, isWorkbook, { signal, onRows: (count) => progress.update(count) })
    progress.stop()
    if (isWorkbook) await finishWorkbook({ file: out, titles: plan.titles, timeZone, signal })
    else await finishFile(out)
  } catch (error) {
    progress.stop()
    if (signal.aborted) printNotice(terminal, describeStop(part.position))
    throw error
  }
  const { rows } = part.position
  printResult(terminal, options, {
    json: { file: out, what, format, rows, resumed: part.isResumed },
    lines: [terminal.language === 'zh' ? `${out}：${rows} 行` : `${out}: ${rows} rows`],
  })
}

function describeStop({ rows, place }: Position): Text {
  if (place === null)
    return {
      en: `stopped after ${rows} rows; the same command starts again`,
      zh: `已写入 ${rows} 行后停止；再次执行同一命令将从头开始`,
    }
  return {
    en: `stopped after ${rows} rows; the same command continues`,
    zh: `已写入 ${rows} 行后停止；再次执行同一命令即可继续`,
  }
}

async function findTables(terminal: Terminal, options: ExportOptions): Promise<UserTables> {
  return tablesOf(await findInstallation(options, terminal.signal))
}

function createPlan(terminal: Terminal, options: ExportOptions, tables: UserTables, now: number): ExportPlan {
  const { what, user, room, timeZone } = options
  const { language, signal } = terminal
  const period = { from: parseTime('--from', options.from) ?? allTime.from, to: parseTime('--to', options.to) ?? now }
  if (period.from >= period.to) throw usageError({ en: '--to must be later than --from', zh: '--to 必须晚于 --from' })
  const request: ExportRequest = {
    readers: readersOf(tables),
    period,
    roomId: room,
    userId: user,
    timeZone,
    now,
    signal,
  }
  if (what === undefined) return planPerson(tables, request, user ?? '')
  return planExport(what, formatOf(options), request, { language, timeZone })
}

function readersOf({ client, eventLogTable, stateTable }: UserTables): ExportReaders {
  const tables = { client, eventLogTable, stateTable }
  return {
    meetings: dynamodbMeetingReader(tables),
    rooms: dynamodbRoomReader(tables),
    sessions: dynamodbSessionReader(tables),
    catalog: dynamodbCatalogReader(client, stateTable),
  }
}

function formatOf({ format, out, what }: ExportOptions): FileFormat {
  if (what === undefined) return 'ndjson'
  return format ?? fileFormats.find((name) => out.toLowerCase().endsWith(`.${name}`)) ?? 'ndjson'
}

/** @returns ms since 1970. @throws CliError unless it is ISO 8601 with an offset. */
function parseTime(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw usageError({
    en: `${option} must be an ISO 8601 time with an offset, such as 2026-11-26T08:00:00+08:00, not "${text}"`,
    zh: `${option} 必须是带时区偏移的 ISO 8601 时间，例如 2026-11-26T08:00:00+08:00，而不是“${text}”`,
  })
}
