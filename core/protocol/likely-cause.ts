import type { Parameter } from './callback-request.ts'
import { isDocumented } from './documented-parameters.ts'
import { maxQuotedLength, quoteText } from './quote-text.ts'
import type { Reading } from './readings.ts'

/** Names that a message lists. */
const maxListedNames = 5

/** What other algorithms produce, by the number of bytes. */
const digestsByBytes: Readonly<Record<number, string>> = {
  16: 'MD5',
  20: 'SHA-1',
  28: 'SHA-224',
  48: 'SHA-384',
  64: 'SHA-512',
}

const expectedForm = 'expected is HMAC-SHA256, as 64 hexadecimal digits or base64'

/**
 * Why a `check_code` is probably wrong, in words for the operator of the platform. It contains neither values nor the signed
 * text.
 *
 * @param first the reading that was tried first.
 * @param code as sent.
 * @param isDecodable whether the code has the form of an HMAC-SHA256.
 */
export function explainWrongCheckCode(first: Reading, code: string, isDecodable: boolean, hasKeys: boolean): string {
  const otherForm = explainForm(code, isDecodable)
  if (otherForm !== undefined) return otherForm
  if (!hasKeys) return 'no key is configured at the receiver'
  const extra = first.signed.map(({ name }) => name).filter((name) => !isDocumented(name))
  const isUtf8 = ['form_decoded', 'percent_decoded', 'as_sent'].includes(first.name)
  const hints = [
    ...(extra.length > 0 ? [`the request has ${listNames(extra)}, which may come from the callback URL`] : []),
    ...listNameHints(first.signed, isEncodedTwice, 'may be encoded twice'),
    ...listNameHints(
      first.signed,
      isDamaged,
      'may be damaged: no text in UTF-8, GB18030 or the declared character set',
    ),
    ...(isUtf8 ? [] : listNameHints(first.signed, isNotAscii, 'must be UTF-8, or in a character set that is declared')),
  ]
  const cause = 'the key of the platform differs from the one at the receiver, or a value was changed on the way'
  return hints.length === 0 ? cause : `${hints.join('; ')}; otherwise ${cause}`
}

/** Why a request probably has no `check_code`. */
export function explainMissingCheckCode({ signed }: Reading): string {
  const similar = findSimilarName(
    signed.map(({ name }) => name),
    'check_code',
  )
  if (similar !== undefined) return `${quoteText(similar)} is not its name`
  return 'the platform sends one only if a key is entered in its back office, on the page of each server'
}

/** @returns undefined if the code has the form of an HMAC-SHA256. */
function explainForm(code: string, isDecodable: boolean): string | undefined {
  const text = code.trim()
  const digest = findHexDigest(text) ?? (isDecodable ? undefined : findBase64Digest(text))
  if (digest !== undefined) return `it has ${digest}; ${expectedForm}`
  if (isDecodable) return undefined
  const twice = isEncodedTwice(text) ? ' and may be encoded twice' : ''
  return `it has ${text.length} characters${twice}; ${expectedForm}`
}

/** Recognises the digest of another algorithm in hex, or in the base64 of hex. */
function findHexDigest(text: string): string | undefined {
  const describe = (hex: string) => {
    const algorithm = /^[0-9a-f]+$/i.test(hex) ? digestsByBytes[hex.length / 2] : undefined
    return algorithm === undefined ? undefined : `${hex.length} hexadecimal digits, as of ${algorithm}`
  }
  const decoded = describe(Buffer.from(text, 'base64').toString('latin1'))
  return describe(text) ?? (decoded === undefined ? undefined : `the base64 of ${decoded}`)
}

function findBase64Digest(text: string): string | undefined {
  if (!/^[\w+/-]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const algorithm = digestsByBytes[Buffer.from(text, 'base64').length]
  return algorithm === undefined ? undefined : `${text.length} characters, as the base64 of ${algorithm}`
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

function isNotAscii(value: string): boolean {
  return !/^[\0-\x7f]*$/.test(value)
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, maxListedNames).map((name) => quoteText(name))
  return `${shown.join(', ')}${names.length > maxListedNames ? ' and others' : ''}`
}

/**
 * The name of a parameter that was probably meant to be the missing one: it differs in case and separators, or in one character.
 * Returns undefined if no name is similar.
 */
export function findSimilarName(names: Iterable<string>, missing: string): string | undefined {
  const normalize = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const candidates = [...names].filter((name) => name !== missing && name.length <= maxQuotedLength)
  return (
    candidates.find((name) => normalize(name) === normalize(missing)) ??
    candidates.find((name) => isOneEditApart(normalize(name), normalize(missing)))
  )
}

/** Whether one character that is inserted, removed or replaced turns one text into the other. */
function isOneEditApart(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  if (long.length - short.length > 1) return false
  const at = [...short].findIndex((character, index) => character !== long[index])
  if (at === -1) return true
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1)
}
