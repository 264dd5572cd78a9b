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
  if (decoded.kind === 'list') throw new UnusableSecretError('the secret is a list')
  if (decoded.kind === 'text') return [requireKey(decoded.text, 'the secret', fields)]
  const { [fields.current]: current, [fields.previous ?? '']: previous } = decoded.fields
  const previousKey = fields.previous === undefined ? undefined : optionalKey(previous, `"${fields.previous}"`, fields)
  if (current === '') return previousKey === undefined ? undefined : [previousKey]
  if (current === undefined) throw new UnusableSecretError(`the secret has no field "${fields.current}"`)
  const currentKey = requireKey(current, `"${fields.current}"`, fields)
  return previousKey === undefined || previousKey === currentKey ? [currentKey] : [currentKey, previousKey]
}

/** @throws UnusableSecretError */
function requireKey(value: unknown, what: string, fields: KeyFields): string {
  const key = optionalKey(value, what, fields)
  if (key === undefined) throw new UnusableSecretError(`${what} is blank or "null"`)
  return key
}

/** @throws UnusableSecretError */
function optionalKey(value: unknown, what: string, { forbidden }: KeyFields): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new UnusableSecretError(`${what} is neither a text nor a number`)
  const key = trim(value)
  if (key === '' || key === 'null') return undefined
  if (/\p{Cc}/u.test(key)) throw new UnusableSecretError(`${what} contains a line end or another control character`)
  if (forbidden?.test(key)) throw new UnusableSecretError(`${what} contains characters that cannot be sent`)
  return key
}
