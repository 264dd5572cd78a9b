import type { Bilingual } from '../../core/notifications/alert-text.ts'
import { decodeSecret, trim } from './decode-secret.ts'
import { UnusableSecretError } from './unusable-secret-error.ts'

/** Names of the fields of a secret that holds a key. */
export interface KeyFields {
  readonly current: string
  /** @default none: there is no second key */
  readonly previous?: string
  /** What a key must not contain, besides control characters. */
  readonly forbidden?: RegExp
}

/**
 * Parses a secret that holds a key and perhaps the one before it: a JSON object, or the key itself (docs/contract.md,
 * section 2).
 *
 * @returns the keys, the current one first, each once; undefined if the secret or its current key is empty and there is no
 * previous key.
 * @throws UnusableSecretError
 */
export function parseKeySecret(secret: string, fields: KeyFields): readonly string[] | undefined {
  const decoded = decodeSecret(secret)
  if (decoded.kind === 'empty') return undefined
  if (decoded.kind === 'list')
    throw new UnusableSecretError({ english: 'the secret is a list', chinese: 'secret 的内容是列表' })
  if (decoded.kind === 'text') return [requireKey(decoded.text, wholeSecret, fields)]
  const { [fields.current]: current, [fields.previous ?? '']: previous } = decoded.fields
  const previousKey =
    fields.previous === undefined ? undefined : optionalKey(previous, fieldNamed(fields.previous), fields)
  if (current === '') return previousKey === undefined ? undefined : [previousKey]
  if (current === undefined)
    throw new UnusableSecretError({
      english: `the secret has no field "${fields.current}"`,
      chinese: `secret 中没有字段“${fields.current}”`,
    })
  const currentKey = requireKey(current, fieldNamed(fields.current), fields)
  return previousKey === undefined || previousKey === currentKey ? [currentKey] : [currentKey, previousKey]
}

const wholeSecret: Bilingual = { english: 'the secret', chinese: 'secret 的内容' }

function fieldNamed(name: string): Bilingual {
  return { english: `"${name}"`, chinese: `“${name}”` }
}

/** @throws UnusableSecretError */
function requireKey(value: unknown, what: Bilingual, fields: KeyFields): string {
  const key = optionalKey(value, what, fields)
  if (key === undefined) throw unusable(what, 'is blank or "null"', '为空或“null”')
  return key
}

/** @throws UnusableSecretError */
function optionalKey(value: unknown, what: Bilingual, { forbidden }: KeyFields): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw unusable(what, 'is neither a text nor a number', '既不是文本也不是数字')
  const key = trim(value)
  if (key === '' || key === 'null') return undefined
  if (/\p{Cc}/u.test(key))
    throw unusable(what, 'contains a line end or another control character', '含有换行或其他控制字符')
  if (forbidden?.test(key)) throw unusable(what, 'contains characters that cannot be sent', '含有无法发送的字符')
  return key
}

function unusable(what: Bilingual, english: string, chinese: string): UnusableSecretError {
  return new UnusableSecretError({ english: `${what.english} ${english}`, chinese: `${what.chinese} ${chinese}` })
}
