import type { RefusedSample } from '../ports/refused-samples.ts'
import type { Parameter } from './callback-request.ts'
import { isDocumented, isInTables } from './documented-parameters.ts'
import { parseJson } from './parse-json.ts'
import { maxQuotedLength } from './quote-text.ts'
import { redactedValue } from './redaction.ts'
import { createSecretFinder, isSecretName, redactSecretLooking } from './secret-text.ts'

const maxParameters = 20
const maxNameLength = 40
const maxValueLength = 64
const maxMessageLength = 300

/** Shorter values of `check_code` or `token` are also redacted, but not searched for in other texts. */
const minEchoLength = 6

/** So many values are searched for in other texts at most: each takes time. */
const maxEchoes = 20

/**
 * Redacts and shortens what a refused callback sent, so that it can be stored and shown (docs/contract.md, section 6).
 *
 * @param keys the configured keys; undefined if they are not known. Then no value is kept, because each could be the key.
 */
export function redactSample(sample: RefusedSample, keys: readonly string[] | undefined): RefusedSample {
  const { parameters, msg, method, source_address } = sample
  const containsSecret = createSecretFinder([...(keys ?? []), ...listSecretValues(parameters)])
  const redact = (text: string, isFromTables: boolean) =>
    containsSecret(text) ? redactedValue : redactSecretLooking(text, isFromTables)
  const hidesAll = keys === undefined || isSplit(parameters, createSecretFinder(keys))
  const isNameWith = (start: string, name: string) =>
    name === start || (start.length === maxQuotedLength && name.startsWith(start))
  const isHiddenName = (start: string) =>
    !isDocumented(start) && (hidesAll || parameters.some(({ name }) => isNameWith(start, name) && containsSecret(name)))
  const redactName = (name: string) => (hidesAll ? redactedValue : redact(name, false))
  return {
    ...sample,
    msg: shorten(redact(redactQuoted(msg, isHiddenName), true), maxMessageLength),
    method: shorten(redact(method, false), maxNameLength),
    source_address: shorten(source_address, maxValueLength),
    parameters: parameters.slice(0, maxParameters).map(({ name, value }) => {
      const isHidden = value !== '' && (hidesAll || isSecretName(name) || containsSecret(`${name}=${value}`))
      return {
        name: shorten(isDocumented(name) ? name : redactName(name), maxNameLength),
        value: shorten(isHidden ? redactedValue : redact(value, isInTables(name)), maxValueLength),
      }
    }),
  }
}

/** The values of parameters such as `check_code`, to find them in other parameters. */
function listSecretValues(parameters: readonly Parameter[]): string[] {
  const values = parameters.flatMap(({ name, value }) =>
    value.length >= minEchoLength && isSecretName(name) ? [value] : [],
  )
  return values.slice(0, maxEchoes)
}

/** Whether a key with `&` or `=` in it was read as several parameters. */
function isSplit(parameters: readonly Parameter[], containsKey: (text: string) => boolean): boolean {
  const pairs = parameters.slice(0, 2 * maxParameters).map(({ name, value }) => `${name}=${value}`)
  return containsKey(pairs.filter((pair) => !containsKey(pair)).join('&'))
}

/** Redacts names in a message, which quotes the start of them, see `quoteText`. */
function redactQuoted(message: string, isHidden: (start: string) => boolean): string {
  return message.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const start = parseJson(quoted)
    return typeof start === 'string' && !isHidden(start) ? quoted : `"${redactedValue}"`
  })
}

/** Characters that terminals, browsers or spreadsheets act on or do not show: controls, formats, unpaired surrogates. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu

function shorten(text: string, maxLength: number): string {
  const visible = text.slice(0, maxLength + 1).replace(invisible, escapeCharacter)
  if (visible.length <= maxLength) return visible
  const end = visible.slice(0, maxLength - 1)
  return `${/[\ud800-\udbff]$/.test(end) ? end.slice(0, -1) : end}…`
}

function escapeCharacter(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
}
