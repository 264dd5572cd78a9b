import type { Parameter } from './callback-request.ts'
import { isDocumented } from './documented-parameters.ts'

/** Names that a message lists, and characters of each. */
const maxListedNames = 5
const maxShownLength = 40

/** What other algorithms and truncations produce, by the number of hexadecimal digits. */
const digestsByLength: Readonly<Record<number, string>> = {
  32: 'MD5',
  40: 'SHA-1',
  56: 'SHA-224',
  96: 'SHA-384',
  128: 'SHA-512',
}

/**
 * Why a `check_code` is probably wrong, in words for the operator of the platform. It contains neither values nor the signed
 * text.
 *
 * @param code as sent.
 * @param isDecodable whether the code has the form of an HMAC-SHA256.
 */
export function explainWrongCheckCode(
  parameters: readonly Parameter[],
  code: string,
  isDecodable: boolean,
  hasKeys: boolean,
): string {
  if (!isDecodable) return explainForm(code)
  if (!hasKeys) return 'no key is configured at the receiver'
  const extra = parameters.map(({ name }) => name).filter((name) => !isDocumented(name))
  const hints = [
    ...(extra.length > 0 ? [`the request has ${listNames(extra)}, which may come from the callback URL`] : []),
    ...listNameHints(parameters, isEncodedTwice, 'seems to be encoded twice'),
    ...listNameHints(parameters, isDamaged, 'is not text in UTF-8, GB18030 or the declared character set'),
  ]
  const cause = 'the key of the platform differs from the one at the receiver, or a value was changed on the way'
  return hints.length === 0 ? cause : `${hints.join('; ')}; otherwise ${cause}`
}

function explainForm(code: string): string {
  const length = code.trim().length
  const digest = /^[0-9a-f]+$/i.test(code.trim()) ? digestsByLength[length] : undefined
  const seen = digest === undefined ? `${length} characters` : `${length} hexadecimal digits, as of ${digest}`
  return `it has ${seen}; expected is HMAC-SHA256, as 64 hexadecimal digits or base64`
}

function listNameHints(parameters: readonly Parameter[], matches: (value: string) => boolean, what: string): string[] {
  const names = parameters.filter(({ name, value }) => name !== 'check_code' && matches(value)).map(({ name }) => name)
  return names.length === 0 ? [] : [`${listNames(names)} ${what}`]
}

/** Values that were decoded and still have percent-encoding. */
function isEncodedTwice(value: string): boolean {
  return /%[0-9a-f]{2}/i.test(value)
}

/** A gateway replaces bytes that are not UTF-8 by this character. */
function isDamaged(value: string): boolean {
  return value.includes('\uFFFD')
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, maxListedNames).map((name) => JSON.stringify(name.slice(0, maxShownLength)))
  return `${shown.join(', ')}${names.length > maxListedNames ? ' and others' : ''}`
}

/**
 * The name of a parameter that was probably meant to be the missing one: it differs only in case and separators. Returns
 * undefined if there is none.
 */
export function findSimilarName(names: Iterable<string>, missing: string): string | undefined {
  const normalize = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
  for (const name of names)
    if (name !== missing && name.length <= maxShownLength && normalize(name) === normalize(missing)) return name
  return undefined
}
