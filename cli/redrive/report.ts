import type { Text } from '../language.ts'
import { showText } from '../show-text.ts'
import { inLanguage, type Terminal } from '../terminal.ts'
import type { LetterCounts, LetterGroup } from './letter-counts.ts'
import type { RedriveResult } from './redrive-letters.ts'

export type RedriveReport = {
  readonly isDryRun: boolean
  readonly counts: LetterCounts
  readonly result: RedriveResult
  /** Approximate number of dead letters that another reader has received and that are invisible for now. */
  readonly heldElsewhere: number
}

/** Groups shown to people. JSON has all of them. */
const maxLines = 20

const causes: Readonly<Record<LetterGroup['cause'], Text>> = {
  failed: { en: 'failed for a day', zh: '失败一天' },
  failed_again: { en: 'was put back and failed for another day', zh: '重新投递后又失败一天' },
  unverified: { en: 'not verified: the key could not be read', zh: '未验证：无法读取北向接口校验密钥' },
  unreadable: { en: 'unreadable, can never be applied', zh: '无法解析，永远无法处理' },
  too_old: { en: 'received more than 25 days ago, stays', zh: '接收时间已超过 25 天，不再投递' },
}

/** The result for programs. */
export function toJson({ isDryRun, counts, result, heldElsewhere }: RedriveReport) {
  return {
    dry_run: isDryRun,
    examined: counts.seen,
    selected: counts.count('selected'),
    redriven: result.redriven,
    too_old: counts.count('too_old'),
    unreadable: counts.countUnreadable(),
    others: counts.count('other'),
    held_elsewhere: heldElsewhere,
    complete: result.end === 'complete',
    groups: counts.groups(),
  }
}

/** The result for people. */
export function toLines(terminal: Pick<Terminal, 'language'>, report: RedriveReport): string[] {
  const { isDryRun, counts, result } = report
  const say = (text: Text) => inLanguage(terminal, text)
  const groups = counts.groups()
  const omitted = groups.length - maxLines
  const selected = counts.count('selected')
  const others = counts.count('other')
  return [
    ...groups.slice(0, maxLines).map((group) => describeGroup(terminal, group)),
    ...(omitted > 0
      ? [say({ en: `… and ${omitted} more groups (--json)`, zh: `……另有 ${omitted} 组（--json）` })]
      : []),
    isDryRun
      ? say({
          en: `${selected} dead letters would be put back; ${others} others do not match`,
          zh: `将重新投递 ${selected} 条；另有 ${others} 条不符合条件`,
        })
      : say({
          en: `${result.redriven} of ${selected} dead letters put back; ${others} others do not match`,
          zh: `符合条件的共 ${selected} 条，已重新投递 ${result.redriven} 条；另有 ${others} 条不符合条件`,
        }),
    ...remarks(report).map(say),
  ]
}

function describeGroup(terminal: Pick<Terminal, 'language'>, { event, room_id, cause, letters }: LetterGroup): string {
  const unknown = inLanguage(terminal, { en: '(unknown)', zh: '（未知）' })
  const room = inLanguage(terminal, {
    en: room_id === null ? 'no room' : `room ${room_id}`,
    zh: room_id === null ? '无房间' : `房间 ${room_id}`,
  })
  return showText(
    `${String(letters).padStart(7)}  ${event ?? unknown}  ${room}  ${inLanguage(terminal, causes[cause])}`,
  )
}

function remarks({ isDryRun, counts, result, heldElsewhere }: RedriveReport): Text[] {
  const tooOld = counts.count('too_old')
  const unreadable = counts.countUnreadable()
  const all: readonly (Text | false)[] = [
    tooOld > 0 && {
      en: `${tooOld} were received more than 25 days ago, when the log may no longer have the events around them: they stay in the dead-letter queue until it drops them, 14 days after they were put on the event queue`,
      zh: `${tooOld} 条的接收时间已超过 25 天，事件日志中可能已没有其前后的事件：它们保留在死信队列中，进入事件队列 14 天后过期删除`,
    },
    unreadable > 0 && {
      en: `${unreadable} can never be applied: ${isDryRun ? 'putting them back moves them' : 'they move'} to the quarantine of the event log, with the reason`,
      zh: `${unreadable} 条永远无法处理：重新投递后会连同原因写入事件日志的隔离区`,
    },
    heldElsewhere > 0 && {
      en: `about ${heldElsewhere} are hidden: the scheduled redrive or another run is looking at them, or a run was killed; repeat the command in ten minutes`,
      zh: `约 ${heldElsewhere} 条暂不可见：定时重新投递或另一个命令正在处理，或上一次运行被强行终止；请在十分钟后重试`,
    },
    result.end === 'incomplete' && {
      en: 'more than 100,000 dead letters do not match, and those behind them could not be seen',
      zh: '不符合条件的超过 10 万条，其后的无法查看',
    },
    result.end === 'stopped' && {
      en: 'stopped early; repeat the command to continue',
      zh: '已提前停止；重新执行该命令即可继续',
    },
  ]
  return all.filter((remark) => remark !== false)
}
