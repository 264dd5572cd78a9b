import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Parameter } from './parameters.ts'

/** The text of a parameter that a signature covers. The document does not say which, so both are tried. */
export type ParameterReading = 'decoded' | 'sent'

const readings: readonly ParameterReading[] = ['decoded', 'sent']

/**
 * The text that `check_code` signs: the non-empty values of all other parameters, ordered by parameter name and joined
 * with `|` (docs/protocol.md, Rules the document gives).
 */
export function canonicalString(parameters: readonly Parameter[], reading: ParameterReading): string {
  return parameters
    .filter((parameter) => parameter.name !== 'check_code' && parameter.value !== '')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((parameter) => (reading === 'decoded' ? parameter.value : parameter.sent))
    .join('|')
}

/** HMAC-SHA256 of the canonical string. */
export function signatureOf(canonical: string, key: string): Buffer {
  // Decoding the hex digest is a third faster than requesting a Buffer.
  return Buffer.from(createHmac('sha256', key).update(canonical, 'utf8').digest('hex'), 'hex')
}

export type SignatureVerdict =
  | { readonly outcome: 'valid'; readonly keyIndex: number; readonly reading: ParameterReading }
  | { readonly outcome: 'missing' | 'wrong' }

/**
 * Verifies the `check_code` of a request with each key in turn.
 *
 * The comparison takes constant time, so the response time reveals nothing about the correct code.
 */
export function verifyCheckCode(parameters: readonly Parameter[], keys: readonly string[]): SignatureVerdict {
  const code = parameters.find((parameter) => parameter.name === 'check_code')?.value ?? ''
  if (code === '') return { outcome: 'missing' }
  const claimed = decodeCheckCode(code)
  if (claimed === undefined) return { outcome: 'wrong' }
  let tried: string | undefined
  for (const reading of readings) {
    const canonical = canonicalString(parameters, reading)
    // The two readings are usually identical, and then the second one is skipped.
    if (canonical === tried) continue
    tried = canonical
    for (const [keyIndex, key] of keys.entries())
      if (timingSafeEqual(signatureOf(canonical, key), claimed)) return { outcome: 'valid', keyIndex, reading }
  }
  return { outcome: 'wrong' }
}

/**
 * Decodes a `check_code` to its 32 bytes. It may be hex in any case, base64, base64url, or base64 of the hex text.
 *
 * @returns undefined for any other text.
 */
export function decodeCheckCode(code: string): Buffer | undefined {
  if (isHex(code)) return Buffer.from(code, 'hex')
  // A `+` of base64 that was not percent-encoded arrives as a space.
  const base64 = code.replaceAll(' ', '+')
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) return undefined
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 32) return bytes
  const text = bytes.toString('latin1')
  return isHex(text) ? Buffer.from(text, 'hex') : undefined
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text)
}
