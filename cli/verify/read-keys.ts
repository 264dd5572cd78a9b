import { parseCheckCodeSecret } from '../../adapters/secrets/key-secrets.ts'
import { UnusableSecretError } from '../../adapters/secrets/unusable-secret-error.ts'
import { usageError } from '../cli-error.ts'
import { keyInput, readSecret, requireSecret } from '../secret-input.ts'
import type { Terminal } from '../terminal.ts'
import type { VerificationKeys } from './verify-request.ts'

export interface KeyOptions {
  readonly key?: readonly string[] | undefined
  readonly keyFile?: readonly string[] | undefined
}

/**
 * Reads the keys from options that may be repeated, or from the environment. Each is a key, or the JSON of the check-code secret.
 *
 * @throws CliError if no key is given or a key is unusable.
 */
export async function readKeys(
  terminal: Pick<Terminal, 'env' | 'stdin' | 'signal'>,
  { key = [], keyFile = [] }: KeyOptions,
): Promise<VerificationKeys> {
  const texts: string[] = []
  for (const value of key) texts.push(await requireSecret(terminal, keyInput, value, undefined))
  for (const file of keyFile) texts.push((await readSecret(terminal, keyInput, undefined, file)) ?? '')
  if (texts.length === 0) texts.push(await requireSecret(terminal, keyInput, undefined, undefined))
  const found = texts.flatMap((text) => parseKeys(text).map((parsed) => ({ parsed, text })))
  if (found.length === 0) throw usageError({ en: 'the secret holds no key', zh: 'secret 中没有密钥' })
  return { keys: found.map(({ parsed }) => parsed), wholeSecrets: found.map(({ text }) => text) }
}

function parseKeys(text: string): readonly string[] {
  try {
    return parseCheckCodeSecret(text) ?? []
  } catch (error) {
    // A key may look like damaged JSON.
    if (error instanceof UnusableSecretError) return [text]
    throw error
  }
}

/** @throws CliError if two things are to be read from standard input. */
export function checkStandardInput(request: readonly string[], { key = [] }: KeyOptions): void {
  const uses = [...request, ...key].filter((value) => value === '-').length
  if (uses < 2) return
  throw usageError({
    en: 'standard input can hold either the request or one key: give the key with --key-file',
    zh: '标准输入只能用于请求或一个密钥：请用 --key-file 提供密钥',
  })
}
