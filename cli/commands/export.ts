import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Option } from '@commander-js/extra-typings'
import { usageError } from '../cli-error.ts'
import { createInstallationCommand } from '../create-command.ts'
import { fileFormats } from '../export/encoder.ts'
import { exportOptionTexts } from '../export/option-texts.ts'
import { exportKinds } from '../export/plan.ts'
import { type ExportOptions, exportFile, exportToOutput } from '../export/run-export.ts'
import { inLanguage, type Terminal } from '../terminal.ts'

/** `export`: sessions, meetings, attendance, events or recordings of an interval, or all about one person, as a file. */
export function exportCommand(terminal: Terminal) {
  const text = exportOptionTexts(terminal)
  return createInstallationCommand(
    terminal,
    'export',
    {
      en: 'writes sessions, meetings, attendance, events or recordings of an interval to a file',
      zh: '将一段时间内的会话、会议、参会记录、事件或录制导出为文件',
    },
    [
      '--stack Northbound --what sessions --from 2026-11-01T00:00+08:00 --format xlsx --out sessions.xlsx',
      '--stack Northbound --user 18972290508 --out person.ndjson',
    ],
  )
    .addOption(new Option('--what <kind>', text.what).choices(exportKinds))
    .option('--from <time>', text.from)
    .option('--to <time>', text.to)
    .option('--user <id>', text.user)
    .option('--room <id>', text.room)
    .addOption(new Option('--format <format>', text.format).choices(fileFormats))
    .requiredOption('--out <file>', text.out)
    .option('--time-zone <name>', text.timeZone, parseTimeZone, 'Asia/Shanghai')
    .option('--yes', inLanguage(terminal, { en: 'overwrite the file', zh: '覆盖已有文件' }))
    .action(async (options) => {
      checkOptions(options)
      if (options.out === '-') return exportToOutput(terminal, options)
      await checkTarget(options.out, options.yes === true)
      await exportFile(terminal, options)
    })
}

/** @throws CliError */
function checkOptions({ what, user, format, out, json }: ExportOptions): void {
  if (what === undefined && user === undefined)
    throw usageError({
      en: 'give --what, or --user for all about one person',
      zh: '请指定 --what，或用 --user 导出一个用户的全部数据',
    })
  if (what === undefined && format !== undefined && format !== 'ndjson')
    throw usageError({
      en: 'all about one person is only available as ndjson',
      zh: '一个用户的全部数据只能导出为 ndjson',
    })
  if (what === 'recordings' && user !== undefined)
    throw usageError({
      en: 'recordings are of rooms: give --room instead of --user',
      zh: '录制属于房间：请用 --room 代替 --user',
    })
  if (out === '-' && format === 'xlsx')
    throw usageError({ en: 'a workbook needs a file: --out FILE', zh: '工作簿必须写入文件：--out 文件' })
  if (out === '-' && json === true)
    throw usageError({ en: '--json needs a file: --out FILE', zh: '--json 需要写入文件：--out 文件' })
}

/** @throws CliError unless the file can be created, or may be replaced. */
async function checkTarget(file: string, mayReplace: boolean): Promise<void> {
  const target = await stat(file).catch(() => undefined)
  if (target?.isDirectory()) throw usageError({ en: `${file} is a folder`, zh: `${file} 是一个文件夹` })
  if (target !== undefined && !mayReplace)
    throw usageError({ en: `${file} exists: add --yes to overwrite it`, zh: `${file} 已存在：如需覆盖请加 --yes` })
  const folder = await stat(dirname(file)).catch(() => undefined)
  if (!folder?.isDirectory())
    throw usageError({ en: `there is no folder ${dirname(file)}`, zh: `文件夹 ${dirname(file)} 不存在` })
}

function parseTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    throw usageError({ en: `there is no time zone "${name}"`, zh: `没有时区“${name}”` })
  }
}
