import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Parameter } from './callback-request.ts'
import { isDocumented, isInTables } from './documented-parameters.ts'
import type { Callback, Reading, ReadingName } from './readings.ts'

/** HMACs computed for one request, for all readings and keys together (docs/contract.md, section 3). */
export const maxHmacs = 24

/**
 * The text that `check_code` signs: the non-empty values of all other parameters, ordered by parameter name and joined
 * with `|` (docs/protocol.md, Rules the document gives).
 */
export function canonicalString(parameters: readonly Parameter[]): string {
  return parameters
    .filter((parameter) => parameter.name !== 'check_code' && parameter.value !== '')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((parameter) => parameter.value)
    .join('|')
}

/** HMAC-SHA256 of the canonical string. */
export function signatureOf(canonical: string, key: string, encoding: Reading['encoding'] = 'utf8'): Buffer {
  // Decoding the hex digest is a third faster than requesting a Buffer.
  return Buffer.from(createHmac('sha256', key).update(canonical, encoding).digest('hex'), 'hex')
}

export type SignatureVerdict = ValidSignature | { readonly outcome: 'missing' | 'wrong' }

export type ValidSignature = {
  readonly outcome: 'valid'
  /** Index of the key that verified the signature. */
  readonly keyIndex: number
  readonly reading: ReadingName
  /** Whether the signature covers only the parameters that the document names. The others are not in `parameters`. */
  readonly isDocumentedOnly: boolean
  /** What the reading stores. */
  readonly parameters: readonly Parameter[]
}

/** A text that the signature may cover. */
export type Candidate = {
  readonly canonical: string
  readonly reading: Reading
  /** Selects the parameters that the signature covers, if it does not cover all. */
  readonly isCovered?: (name: string) => boolean
}

/**
 * Returns a function that verifies the `check_code` of a callback with each key in turn, for all readings of the callback. If it
 * is called again, keys that were tried before are skipped.
 *
 * The comparison takes constant time, so the response time reveals nothing about the correct code.
 */
export function createCheckCodeVerifier(callback: Callback): (keys: readonly string[]) => SignatureVerdict {
  const triedKeys = new Set<string>()
  let hmacCount = 0
  return (keys) => {
    const code = findCheckCode(callback)
    if (code === '') return { outcome: 'missing' }
    const claimed = decodeCheckCode(code)
    if (claimed === undefined || keys.every((key) => triedKeys.has(key))) return { outcome: 'wrong' }
    for (const candidate of listCandidates(callback)) {
      const keyIndex = keys.findIndex(
        (key) => !triedKeys.has(key) && hmacCount++ < maxHmacs && isSignedWith(candidate, key, claimed),
      )
      if (keyIndex !== -1) return toValidSignature(candidate, keyIndex)
      if (hmacCount >= maxHmacs) break
    }
    for (const key of keys) triedKeys.add(key)
    return { outcome: 'wrong' }
  }
}

function isSignedWith({ canonical, reading }: Candidate, key: string, claimed: Buffer): boolean {
  return timingSafeEqual(signatureOf(canonical, key, reading.encoding), claimed)
}

function toValidSignature({ reading, isCovered }: Candidate, keyIndex: number): ValidSignature {
  const stored = reading.readStored()
  const parameters = isCovered === undefined ? stored : stored.filter(({ name }) => isCovered(name))
  const isDocumentedOnly = isCovered !== undefined
  return { outcome: 'valid', keyIndex, reading: reading.name, isDocumentedOnly, parameters }
}

/** The `check_code` of a callback, or an empty string. */
export function findCheckCode({ first, readUnsigned }: Callback): string {
  // The code itself is not read as sent: its `+`, `/` and `=` may be percent-encoded.
  const parameters = first.name === 'as_sent' ? readUnsigned() : first.signed
  return parameters.find((parameter) => parameter.name === 'check_code')?.value ?? ''
}

/** All readings, each with all parameters and then without those that may come from a callback URL; equal texts once. */
export function* listCandidates({ first, listOthers }: Callback): Generator<Candidate> {
  const seen: Candidate[] = []
  for (const candidate of listAllCandidates(first, listOthers)) {
    const { canonical, reading } = candidate
    if (seen.some((other) => other.canonical === canonical && other.reading.encoding === reading.encoding)) continue
    seen.push(candidate)
    yield candidate
  }
}

function* listAllCandidates(first: Reading, listOthers: Callback['listOthers']): Generator<Candidate> {
  yield { canonical: canonicalString(first.signed), reading: first }
  yield* listPartialCandidates(first)
  for (const reading of listOthers()) {
    yield { canonical: canonicalString(reading.signed), reading }
    yield* listPartialCandidates(reading)
  }
}

function* listPartialCandidates(reading: Reading): Generator<Candidate> {
  for (const isCovered of [isDocumented, isInTables]) {
    const covered = reading.signed.filter(({ name }) => isCovered(name))
    if (covered.length < reading.signed.length) yield { canonical: canonicalString(covered), reading, isCovered }
  }
}

/**
 * Decodes a `check_code` to its 32 bytes. It may be hex in any case, base64, base64url, or base64 of the hex text, with or
 * without line breaks.
 *
 * @returns undefined for any other text.
 */
export function decodeCheckCode(code: string): Buffer | undefined {
  if (isHex(code)) return Buffer.from(code, 'hex')
  const joined = code.replace(/[\r\n\t]/g, '')
  // A `+` of base64 that was not percent-encoded arrives as a space, and so does a line break that was replaced.
  return decodeOneLine(joined.trimEnd().replaceAll(' ', '+')) ?? decodeOneLine(joined.replaceAll(' ', ''))
}

function decodeOneLine(text: string): Buffer | undefined {
  if (isHex(text)) return Buffer.from(text, 'hex')
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === 32) return bytes
  const decoded = bytes.toString('latin1').trim()
  return isHex(decoded) ? Buffer.from(decoded, 'hex') : undefined
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text)
}
