import { CliError, usageError } from '../cli-error.ts'
import type { KeyUsage } from './key-usage.ts'
import type { KeyPair } from './keys.ts'

export type RotationOutcome = 'rotated' | 'retired' | 'unchanged'

export interface RotationPlan {
  readonly outcome: RotationOutcome
  readonly after: KeyPair
}

const hourMs = 3_600_000

/**
 * Decides what becomes of the keys.
 *
 * @param newKey undefined to retire the previous key.
 * @param isConfirmed whether a key in use may be dropped.
 * @throws CliError if a key that is in use would be dropped.
 */
export function planRotation(
  keys: KeyPair,
  newKey: string | undefined,
  usage: KeyUsage,
  isConfirmed: boolean,
): RotationPlan {
  const { current, previous } = keys
  if (newKey !== undefined && newKey === current)
    throw usageError({ en: 'the new key is the current one already', zh: '新密钥已经是当前密钥' })
  if (newKey === undefined && previous === undefined) return { outcome: 'unchanged', after: keys }
  const isDropped = previous !== undefined && previous !== newKey
  if (isDropped && isInUse(usage) && !isConfirmed) throw refuse(usage, newKey === undefined)
  if (newKey === undefined) return { outcome: 'retired', after: { current, previous: undefined } }
  return { outcome: 'rotated', after: { current: newKey, previous: current } }
}

function isInUse({ previous, unverified }: KeyUsage): boolean {
  return previous > 0 || unverified > 0
}

/** When the previous key has not been used for an hour, if it is not used again. ms since 1970; undefined if that is so now. */
export function idleHourEndsAt({ previousUsedAt }: KeyUsage): number | undefined {
  return previousUsedAt === undefined ? undefined : previousUsedAt + hourMs
}

function refuse({ previous, unverified }: KeyUsage, isRetirement: boolean): CliError {
  const why =
    previous > 0
      ? {
          en: `about ${previous} callbacks of the last hour were signed with the previous key`,
          zh: `最近一小时约有 ${previous} 次回调使用旧密钥签名`,
        }
      : {
          en: `${unverified} callbacks of the last hour may have been signed with the previous key, because no key could be read`,
          zh: `最近一小时有 ${unverified} 次回调在密钥不可读时接收，可能使用旧密钥签名`,
        }
  const what = isRetirement
    ? { en: 'it is not removed', zh: '因此未将其移除' }
    : { en: 'it is not replaced', zh: '因此未将其替换' }
  return new CliError({
    en: `${why.en}: ${what.en}. Enter the current key on both back-office pages and try again in an hour, or add --yes to lose what is still signed with it`,
    zh: `${why.zh}，${what.zh}。请在两个管理后台页面填入当前密钥，一小时后重试；如果确定可以丢弃仍使用旧密钥签名的回调，请加 --yes`,
  })
}
