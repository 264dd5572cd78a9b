import type { Text } from '../language.ts'
import type { KeyUsage } from './key-usage.ts'
import { idleHourEndsAt, type RotationOutcome } from './plan.ts'

export interface RotationReport {
  readonly outcome: RotationOutcome
  readonly isDryRun: boolean
  /** Undefined unless the key was made by this command. */
  readonly generatedKey: string | undefined
  readonly usage: KeyUsage
  /** Whether there is a previous key afterwards. */
  readonly hasPrevious: boolean
  /** ms since 1970 */
  readonly now: number
}

const hourMs = 3_600_000

/** The earliest time at which the previous key can be removed, in ms since 1970; undefined without a previous key. */
export function retirableAt({ outcome, usage, hasPrevious, now }: RotationReport): number | undefined {
  if (!hasPrevious) return undefined
  // What was the current key until now was used until now.
  if (outcome === 'rotated') return usage.current > 0 ? now + hourMs : now
  return idleHourEndsAt(usage) ?? now
}

/** What a person has to know, line by line. */
export function describeRotation(report: RotationReport): Text[] {
  const { outcome, isDryRun, usage } = report
  const { current, previous } = usage
  return [
    ...(isDryRun
      ? [{ en: 'Dry run: nothing was changed. Without --dry-run:', zh: '试运行，未做任何更改。不加 --dry-run 时：' }]
      : []),
    outcomes[outcome],
    {
      en: `Before, in the last hour: about ${current} callbacks signed with the current key, ${previous} with the previous one.`,
      zh: `此前一小时：约 ${current} 次回调使用当前密钥签名，${previous} 次使用旧密钥。`,
    },
    ...(outcome === 'rotated' ? describeNewKey(report) : []),
    ...describeRetirement(report),
  ]
}

const outcomes: Readonly<Record<RotationOutcome, Text>> = {
  rotated: {
    en: 'There is a new current key. The key before it is the previous one, and both are valid.',
    zh: '已启用新密钥；原来的当前密钥成为旧密钥，两者均有效。',
  },
  retired: { en: 'The previous key is no longer valid.', zh: '旧密钥已失效。' },
  unchanged: { en: 'There is no previous key to remove.', zh: '没有可移除的旧密钥。' },
}

function describeNewKey({ generatedKey }: RotationReport): Text[] {
  return [
    ...(generatedKey === undefined ? [] : [{ en: `New key: ${generatedKey}`, zh: `新密钥：${generatedKey}` }]),
    {
      en: 'Enter it on both back-office pages, that of media_server and that of master, in the field of the check-code key (“北向接口校验密钥”), within the time in which both are valid.',
      zh: '请在两个管理后台页面（media_server 和 master）的“北向接口校验密钥”中填入新密钥；在移除旧密钥之前，新旧密钥均有效。',
    },
  ]
}

function describeRetirement(report: RotationReport): Text[] {
  const at = retirableAt(report)
  if (at === undefined) return []
  const time = new Date(at).toISOString()
  const when =
    at <= report.now
      ? {
          en: 'The previous key was not used in the last hour: once both pages have the current key, remove it with --retire.',
          zh: '最近一小时没有回调使用旧密钥：确认两个页面均已填入当前密钥后，用 --retire 移除。',
        }
      : {
          en: `The previous key can go when it has not been used for an hour, at the earliest at ${time}: rotate-key --retire.`,
          zh: `旧密钥连续一小时未被使用后即可移除，最早为 ${time}：rotate-key --retire。`,
        }
  return [
    when,
    {
      en: 'master calls only when a port check fails, so callbacks do not show which key its page has: look at the page.',
      zh: 'master 只在端口检查失败时才会回调，因此无法从回调判断其页面上的密钥：请在页面上核对。',
    },
  ]
}
