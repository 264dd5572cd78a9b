import { readFile } from 'node:fs/promises'
import { usageError } from './cli-error.ts'
import type { Text } from './language.ts'
import { readStandardInput } from './standard-input.ts'
import type { Terminal } from './terminal.ts'

/** A key or a token, and where it may come from. */
export interface SecretInput {
  /** The option's name without dashes, such as `key`. Its file is given by `--key-file`. */
  readonly option: string
  /** The environment variable that is read without an option. */
  readonly variable: string
  readonly name: Text
}

/** The key that callbacks are signed with. */
export const keyInput: SecretInput = {
  option: 'key',
  variable: 'NORTHBOUND_KEY',
  name: { en: 'the check-code key', zh: '北向接口校验密钥' },
}

/** The token of the query API. */
export const tokenInput: SecretInput = {
  option: 'token',
  variable: 'NORTHBOUND_TOKEN',
  name: { en: 'the API token', zh: 'API 令牌' },
}

/**
 * Reads a secret from the option's value, from standard input (`-`), from a file or from the environment. Flags are visible
 * in process lists, the others are not. White space around it and a byte-order mark are ignored.
 *
 * @returns undefined if none of them is given.
 * @throws CliError if it is empty, given twice, or its file cannot be read.
 */
export async function readSecret(
  terminal: Pick<Terminal, 'env' | 'stdin' | 'signal'>,
  input: SecretInput,
  value: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  const { option, variable, name } = input
  if (value !== undefined && file !== undefined) {
    throw usageError({
      en: `give either --${option} or --${option}-file, not both`,
      zh: `--${option} 与 --${option}-file 只能指定一个`,
    })
  }
  const source = await readSource()
  if (source === undefined) return undefined
  const secret = source.replace(/^\uFEFF/, '').trim()
  if (secret !== '') return secret
  throw usageError({ en: `${name.en} is empty`, zh: `${name.zh}为空` })

  async function readSource(): Promise<string | undefined> {
    if (value === '-') return (await readStandardInput(terminal)).toString()
    if (value !== undefined) return value
    if (file === undefined) return terminal.env[variable]
    return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw usageError({ en: `cannot read ${file}: ${error.code}`, zh: `无法读取文件 ${file}：${error.code}` })
    })
  }
}

/** @throws CliError if the secret is not given. */
export async function requireSecret(
  terminal: Pick<Terminal, 'env' | 'stdin' | 'signal'>,
  input: SecretInput,
  value: string | undefined,
  file: string | undefined,
): Promise<string> {
  const secret = await readSecret(terminal, input, value, file)
  if (secret !== undefined) return secret
  const { option, variable, name } = input
  throw usageError({
    en: `${name.en} is missing: give --${option}-file FILE, --${option} - (standard input), --${option} VALUE, or the variable ${variable}`,
    zh: `缺少${/^\w/.test(name.zh) ? ' ' : ''}${name.zh}：请使用 --${option}-file 文件、--${option} -（标准输入）、--${option} 值，或环境变量 ${variable}`,
  })
}
