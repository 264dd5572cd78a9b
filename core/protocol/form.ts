import type { Parameter } from './callback-request.ts'
import { CharsetMismatchError, type Decoding, decodeBytes } from './decoding.ts'

/**
 * Reads `name=value&…`. Text whose percent-encoding is malformed is kept as sent.
 *
 * @throws CharsetMismatchError
 */
export function readForm(text: string, decoding: Decoding): Parameter[] {
  // Names are decoded in every style: they are not part of the signature, only their order is.
  const nameDecoding = decoding.style === 'sent' ? { ...decoding, style: 'form' as const } : decoding
  const parameters: Parameter[] = []
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    const value = equals === -1 ? '' : pair.slice(equals + 1)
    parameters.push({ name: decodeFormText(name, nameDecoding), value: decodeFormText(value, decoding) })
  }
  return parameters
}

function decodeFormText(text: string, decoding: Decoding): string {
  const { style, charset } = decoding
  if (style === 'sent') return text
  const isAscii = charset === 'utf-8' || isAsciiText(text)
  if (isAscii && !text.includes('%') && !text.includes('+')) return text
  const keepsPlus = style === 'percent' || (style === 'unsigned' && /^\+\d+$/.test(text))
  const spaced = keepsPlus ? text : text.replaceAll('+', ' ')
  if (charset === 'utf-8') {
    try {
      return decodeURIComponent(spaced)
    } catch {
      // Malformed percent-encoding, or another character set.
    }
  }
  if (/%(?![0-9a-f]{2})/i.test(text)) return text
  try {
    return decodeBytes(decodePercent(spaced), decoding)
  } catch (error) {
    if (charset === 'any' && error instanceof CharsetMismatchError) return text
    throw error
  }
}

function isAsciiText(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}

const percent = 0x25
const hexDigits = Buffer.from('0123456789ABCDEF')

/** Decodes well-formed percent-encoding to bytes. Characters that are not encoded become their bytes in UTF-8. */
function decodePercent(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  let length = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    bytes[length++] = byte === percent ? hexValue(bytes[index + 1]) * 16 + hexValue(bytes[index + 2]) : byte
    if (byte === percent) index += 2
  }
  return bytes.subarray(0, length)
}

/** The value of the ASCII code of a hexadecimal digit. */
function hexValue(code = 0): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57
}

/**
 * The text of a form's body. Bytes that are not UTF-8 become percent-encoded, as if the sender had encoded them, so that any
 * decoding can be applied.
 */
export function toFormText(body: Uint8Array): string {
  try {
    return decodeBytes(body, { charset: 'utf-8' }).replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof CharsetMismatchError) return encodePercent(body)
    throw error
  }
}

function encodePercent(bytes: Uint8Array): string {
  const encoded = Buffer.alloc(bytes.length * 3)
  let length = 0
  for (const byte of bytes) {
    const isEncoded = byte > 0x7f
    encoded[length++] = isEncoded ? percent : byte
    if (!isEncoded) continue
    encoded[length++] = hexDigits[byte >> 4] ?? 0
    encoded[length++] = hexDigits[byte & 15] ?? 0
  }
  return encoded.toString('latin1', 0, length)
}
