import type { ReportedDifference } from '../../core/projection/rebuild-response.ts'
import { CliError, exitCodes, isUsageError, usageError } from '../cli-error.ts'
import { createInstallationCommand } from '../create-command.ts'
import { describeError } from '../describe-error.ts'
import { findInstallation } from '../installation.ts'
import { startProgress } from '../progress.ts'
import { type Comparison, compareState, RepairedSelections, waitForRepairs } from '../rebuild/compare-state.ts'
import { lambdaRebuildFunction, type RebuildFunction, type RebuildSelection } from '../rebuild/rebuild-function.ts'
import { toJson, toLines } from '../rebuild/report.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

/** Differences that are kept for the result. */
const maxDifferences = 1000
/** ms to wait until repairs have taken effect. */
const maxWaitMs = 180_000
const betweenChecksMs = 2000

/** `rebuild`: compares the state with the log, and has it repaired. */
export function rebuildCommand(terminal: Terminal) {
  return createInstallationCommand(
    terminal,
    'rebuild',
    {
      en: 'recomputes the state from the event log, reports the differences, and repairs them',
      zh: '根据事件日志重新计算状态，报告差异并修复',
    },
    ['--stack Northbound --dry-run', '--stack Northbound --room 1001', '--stack Northbound --room 1001 --user 7'],
  )
    .option('--room <room_id>', inLanguage(terminal, { en: 'only what is in this room', zh: '只处理该房间' }))
    .option('--user <user_id>', inLanguage(terminal, { en: 'only this user', zh: '只处理该用户' }))
    .option('--box <box_code>', inLanguage(terminal, { en: 'only this media server', zh: '只处理该媒体服务器' }))
    .option(
      '--cursor <cursor>',
      inLanguage(terminal, { en: 'continues a run that ended early', zh: '从上次中断处继续' }),
    )
    .option('--dry-run', inLanguage(terminal, { en: 'only report', zh: '只报告，不修复' }))
    .action(async (options) => {
      const { dryRun: isDryRun = false, cursor = null } = options
      const selection = toSelection(options)
      const { output, clients } = await findInstallation(options, terminal.signal)
      const rebuild = lambdaRebuildFunction(clients, output('RebuildFunctionName'))
      const differences: ReportedDifference[] = []
      const repaired = new RepairedSelections()
      const progress = startProgress(terminal, { label: { en: 'Comparing with the log', zh: '与日志比对' } })
      const show = ({ checked, different }: Comparison, found: readonly ReportedDifference[]) => {
        for (const { aggregate } of found) repaired.add(aggregate)
        differences.push(...found.slice(0, maxDifferences - differences.length))
        progress.update(checked, inLanguage(terminal, { en: `${different} differ`, zh: `差异 ${different} 处` }))
      }
      const comparison = await compareState(rebuild, { selection, isDryRun, cursor }, show, terminal.signal)
      progress.stop()
      if (isUsageError(comparison.failure)) throw comparison.failure
      const selections = comparison.commands > 0 ? repaired.list(selection) : []
      const remaining = comparison.failure === undefined ? await confirmRepairs(terminal, rebuild, selections) : null
      const report = { isDryRun, comparison, remaining, differences }
      printResult(terminal, options, { json: toJson(report), lines: toLines(terminal, report) })
      if (comparison.failure !== undefined && !terminal.signal.aborted) throw toCliError(comparison)
      if (terminal.signal.aborted) terminal.exitCode = exitCodes.interrupted
      else if (remaining !== 0 && !isDryRun) terminal.exitCode = exitCodes.failure
    })
}

/** @throws CliError if the options exclude each other. */
function toSelection(options: {
  readonly room?: string | undefined
  readonly user?: string | undefined
  readonly box?: string | undefined
}): RebuildSelection {
  const { room, user, box } = options
  if (box !== undefined && (room !== undefined || user !== undefined))
    throw usageError({ en: 'give either --box, or --room and --user', zh: '--box 不能与 --room、--user 同时使用' })
  if (box !== undefined) return { box_code: box }
  if (room === undefined && user === undefined) return { all: true }
  return { ...(room !== undefined && { room_id: room }), ...(user !== undefined && { user_id: user }) }
}

/** @returns how many still differ; null if that is not known, because the command was stopped. */
async function confirmRepairs(
  terminal: Terminal,
  rebuild: RebuildFunction,
  selections: readonly RebuildSelection[],
): Promise<number | null> {
  const label = { en: 'Waiting for the repairs', zh: '等待修复生效' }
  const progress = startProgress(terminal, { label, total: selections.length })
  try {
    const onProgress = (done: number) => progress.update(done)
    return await waitForRepairs(rebuild, selections, { maxWaitMs, betweenChecksMs, onProgress }, terminal.signal)
  } catch (error) {
    if (terminal.signal.aborted) return null
    throw error
  } finally {
    progress.stop()
  }
}

function toCliError({ cursor, failure }: Comparison): CliError {
  const reason = { en: describeError(failure, 'en'), zh: describeError(failure, 'zh') }
  const again = cursor === null ? '' : ` --cursor ${cursor}`
  return new CliError(
    { en: `${reason.en}; continue with the same command${again}`, zh: `${reason.zh}；请用相同的命令继续${again}` },
    exitCodes.failure,
    { cause: failure },
  )
}
