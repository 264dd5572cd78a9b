import { randomInt } from 'node:crypto'
import { decodeSecret } from '../../adapters/secrets/decode-secret.ts'
import { parseCheckCodeSecret } from '../../adapters/secrets/key-secrets.ts'
import { UnusableSecretError } from '../../adapters/secrets/unusable-secret-error.ts'
import { CliError, usageError } from '../cli-error.ts'

/** The keys of a secret; both are undefined if no key is configured. */
export interface KeyPair {
  readonly current: string | undefined
  readonly previous: string | undefined
}

/** Letters and digits only, as back offices accept them, and none that look alike in print. */
const keyAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
/** As long as the keys that the stack generates: 231 bits. */
const keyLength = 40

export function generateKey(): string {
  return Array.from({ length: keyLength }, () => keyAlphabet[randomInt(keyAlphabet.length)]).join('')
}

/**
 * Reads the keys of a check-code secret in any form that the functions accept (docs/contract.md, section 2).
 *
 * @throws CliError without any part of the secret if the functions could not use it.
 */
export function readKeys(text: string): KeyPair {
  try {
    const [current, previous] = parseCheckCodeSecret(text) ?? []
    return { current, previous }
  } catch (error) {
    if (!(error instanceof UnusableSecretError)) throw error
    throw new CliError({
      en: `the secret of output CheckCodeSecretArn cannot be used (${error.message}): repair it first, docs/runbook.md#secret-unusable`,
      zh: `CheckCodeSecretArn 对应的 secret 无法使用（${error.message}）：请先修复，见 docs/runbook.zh-CN.md#secret-unusable`,
    })
  }
}

/** @throws CliError if the functions could not use the key. */
export function checkNewKey(key: string): void {
  const saved = readKeys(JSON.stringify({ current: key }))
  if (saved.current === key && !/\s/.test(key)) return
  throw usageError({ en: 'the new key contains white space', zh: '新密钥中含有空白字符' })
}

/** The text of a secret with other keys. Fields that the functions do not read stay. */
export function withKeys(text: string, { current, previous }: KeyPair): string {
  const decoded = decodeSecret(text)
  const fields = decoded.kind === 'object' ? decoded.fields : {}
  return JSON.stringify({ ...fields, current: current ?? '', previous: previous ?? null })
}
