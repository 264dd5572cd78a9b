import { SQSClient } from '@aws-sdk/client-sqs'
import { sqsCommandQueue } from '../../adapters/sqs/command-queue.ts'
import { erasureSettleMs } from '../../core/erasure/erasure-times.ts'
import { usageError } from '../cli-error.ts'
import { createInstallationCommand } from '../create-command.ts'
import { confirmErasure } from '../erase/confirm.ts'
import { type EraseSteps, eraseUser } from '../erase/erase-user.ts'
import { createFindings, type Findings } from '../erase/findings.ts'
import { readCaller } from '../erase/read-caller.ts'
import { interruptedLines, previewLines, reportErasure, toJson } from '../erase/report.ts'
import { searchUser, type UserTables } from '../erase/search-user.ts'
import { describeTables, tablesOf } from '../erase/user-tables.ts'
import { waitVisibly } from '../erase/wait-visibly.ts'
import { findInstallation, type Installation, type InstallationOptions } from '../installation.ts'
import type { Text } from '../language.ts'
import { type Progress, startProgress } from '../progress.ts'
import { inLanguage, printNotice, printResult, type Terminal } from '../terminal.ts'

const labels = {
  find: { en: 'searching', zh: '正在搜索' },
  erase: { en: 'erasing', zh: '正在删除' },
  check: { en: 'searching again', zh: '正在复查' },
} as const

/** `erase`: deletes everything stored about one user id. */
export function eraseCommand(terminal: Terminal) {
  const say = (text: Text) => inLanguage(terminal, text)
  return createInstallationCommand(
    terminal,
    'erase',
    { en: 'deletes everything stored about one user id', zh: '删除一个用户 ID 的全部存储数据' },
    ['--stack Northbound --user 18972290508 --dry-run', '--stack Northbound --user 18972290508'],
  )
    .requiredOption('--user <id>', say({ en: 'the user id', zh: '用户 ID' }))
    .option('--dry-run', say({ en: 'only show what is stored', zh: '只显示找到的数据，不删除' }))
    .option('--yes', say({ en: 'do not ask', zh: '不再询问' }))
    .option(
      '--wait-seconds <n>',
      say({
        en: 'how long to wait until all functions know of the erasure; less only while no events come in',
        zh: '等待所有函数获知删除请求的秒数；只有在没有事件进入时才可缩短',
      }),
      parseSeconds,
      erasureSettleMs / 1000,
    )
    .action(async (options) => {
      const userId = options.user.toWellFormed()
      if (userId === '') throw usageError({ en: '--user is empty', zh: '--user 为空' })
      const installation = await findInstallation(options, terminal.signal)
      const tables = tablesOf(installation)
      const { total, now } = await describeTables(tables, terminal.signal)
      const show = (step: keyof typeof labels) => startProgress(terminal, { label: labels[step], total })
      const target: EraseTarget = { installation, tables, userId, now, show }
      const preview = await previewErasure(terminal, target)
      const lines = previewLines(preview, now())
      if (options.dryRun === true) {
        return printResult(terminal, options, {
          json: { dry_run: true, ...toJson(preview) },
          lines: lines.map(say),
        })
      }
      for (const line of lines) printNotice(terminal, line)
      if (options.yes !== true) await confirmErasure(terminal, userId)
      await eraseAndReport(terminal, target, options)
    })
}

interface EraseTarget {
  readonly installation: Installation
  readonly tables: UserTables
  readonly userId: string
  /** ms since 1970, by the clock of DynamoDB. */
  readonly now: () => number
  readonly show: (step: keyof typeof labels) => Progress
}

async function previewErasure({ signal }: Terminal, { tables, userId, now, show }: EraseTarget): Promise<Findings> {
  const progress = show('find')
  const onScanned = (count: number) => progress.update(count)
  try {
    return await searchUser(tables, { userId, at: now() }, { mode: 'find', signal, onScanned })
  } finally {
    progress.stop()
  }
}

async function eraseAndReport(
  terminal: Terminal,
  { installation, tables, userId, now, show }: EraseTarget,
  options: InstallationOptions & { readonly waitSeconds: number; readonly json?: true | undefined },
): Promise<void> {
  const { signal } = terminal
  const commands = sqsCommandQueue(new SQSClient(installation.clients), installation.output('EventQueueUrl'))
  const caller = await readCaller(tables.client, options.awsEndpointUrl !== undefined, signal)
  const at = now()
  const erased = createFindings()
  const steps: EraseSteps = {
    ...{ tables, userId, at, caller, signal, show, waitMs: options.waitSeconds * 1000 },
    wait: (ms) => waitVisibly(terminal, ms),
    rebuild: (rooms, participations) =>
      commands.sendAll(
        [
          ...rooms.map((room_id) => ({ kind: 'room', room_id }) as const),
          ...participations.map((room_id) => ({ kind: 'participant', room_id, user_id: userId }) as const),
        ].map((aggregate) => ({ command: 'rebuild', aggregate })),
        signal,
      ),
  }
  try {
    const { hash, last } = await eraseUser(steps, erased)
    printResult(terminal, options, reportErasure(terminal, { erased, last, caller, hash, at }))
  } catch (error) {
    for (const line of interruptedLines(erased)) printNotice(terminal, line)
    throw error
  }
}

function parseSeconds(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw usageError({
    en: `--wait-seconds must be a number of seconds, not "${text}"`,
    zh: `--wait-seconds 必须是秒数，而不是“${text}”`,
  })
}
