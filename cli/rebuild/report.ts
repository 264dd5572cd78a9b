import type { ReportedDifference } from '../../core/projection/rebuild-response.ts'
import type { Text } from '../language.ts'
import { inLanguage, type Terminal } from '../terminal.ts'
import type { Comparison } from './compare-state.ts'
import { describeDifference } from './describe-difference.ts'

export type RebuildReport = {
  readonly isDryRun: boolean
  readonly comparison: Comparison
  /** How many still differ after the repairs; null if that is not known. */
  readonly remaining: number | null
  /** The first of them. */
  readonly differences: readonly ReportedDifference[]
}

/** The result for programs. */
export function toJson({ isDryRun, comparison, remaining, differences }: RebuildReport) {
  const { checked, different, unsettled, commands, cursor } = comparison
  const counts = { checked, different, unsettled, commands, remaining: isDryRun ? null : remaining }
  return { dry_run: isDryRun, ...counts, cursor, differences }
}

/** The result for people. */
export function toLines(
  terminal: Pick<Terminal, 'language'>,
  { isDryRun, comparison, remaining, differences }: RebuildReport,
): string[] {
  const { checked, different, unsettled, commands, cursor, failure } = comparison
  const omitted = different - differences.length
  const all: readonly (Text | false)[] = [
    omitted > 0 && { en: `… and ${omitted} more`, zh: `……另有 ${omitted} 项` },
    {
      en: `${checked} compared with the log, ${different} differ`,
      zh: `已与日志比对 ${checked} 项，${different} 项有差异`,
    },
    unsettled > 0 && {
      en: `${unsettled} changed so often meanwhile that nothing can be said about them: repeat the command`,
      zh: `${unsettled} 项在比对期间持续变化，无法判断：请重新执行`,
    },
    !isDryRun && commands > 0 && remaining === 0 && { en: 'all of them are repaired', zh: '已全部修复' },
    !isDryRun &&
      remaining !== null &&
      remaining > 0 && {
        en: `${remaining} still differ: the repairs are on the event queue, or cannot be made (docs/runbook.md)`,
        zh: `仍有 ${remaining} 项不同：修复命令尚在事件队列中，或无法修复（见 docs/runbook.zh-CN.md）`,
      },
    !isDryRun &&
      commands > 0 &&
      remaining === null && {
        en: `${commands} repairs are on the event queue; whether they have taken effect was not checked`,
        zh: `${commands} 项修复已进入事件队列，尚未确认是否生效`,
      },
    failure !== undefined &&
      cursor !== null && {
        en: `not complete: continue with --cursor ${cursor}`,
        zh: `尚未完成：请用 --cursor ${cursor} 继续`,
      },
    failure !== undefined && cursor === null && { en: 'not complete: repeat the command', zh: '尚未完成：请重新执行' },
  ]
  return [
    ...differences.flatMap((difference) => describeDifference(terminal, difference)),
    ...all.filter((text) => text !== false).map((text) => inLanguage(terminal, text)),
  ]
}
