import { UnusableSecretError } from './unusable-secret-error.ts'

/** `text`: anything but a JSON object or list, without the white space around it. */
export type DecodedSecret =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, unknown>> }

/** Includes invisible characters that word processors and chats put around a copied text. */
const surroundingSpace = /^[\s\u{FEFF}\u{200B}-\u{200F}\u{2060}]+|[\s\u{FEFF}\u{200B}-\u{200F}\u{2060}]+$/gu

/** The beginning of a damaged JSON object or list: with an extra comma, without braces, or with the quotation marks of a shell. */
const damagedObject = /^["'“”„\s]*(?:\{|\[\s*["'{]|(?:current|previous|token|key)["'“”„]?\s*[:=])/i

const notText = { english: 'the secret is not text in UTF-8', chinese: 'secret 的内容不是 UTF-8 文本' }
const notJson = { english: 'the secret is not valid JSON', chinese: 'secret 的内容不是有效的 JSON' }

/**
 * Decodes the text of a secret. Numbers become texts with the digits as saved, so that long ones stay exact.
 *
 * @throws UnusableSecretError if the text seems to be a damaged JSON object or list, or was not UTF-8.
 */
export function decodeSecret(secret: string): DecodedSecret {
  const content = secret.replace(/^\uFEFF/, '')
  if (content === '') return { kind: 'empty' }
  const text = trim(content)
  if (text.includes('\uFFFD')) throw new UnusableSecretError(notText)
  const value = parseJson(text)
  // A JSON text is its content, which may be a JSON object that was encoded twice.
  if (typeof value === 'string' && text.startsWith('"')) return decodeSecret(value)
  if (Array.isArray(value)) return { kind: 'list', items: value }
  if (typeof value === 'object' && value !== null) return { kind: 'object', fields: { ...value } }
  if (damagedObject.test(text)) throw new UnusableSecretError(notJson)
  return { kind: 'text', text }
}

/** Removes white space, byte order marks and invisible characters around a text. */
export function trim(text: string): string {
  return text.replace(surroundingSpace, '')
}

/** @returns undefined if the text is not JSON. The message of a `SyntaxError` would contain a part of the secret. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value, { source }) => (typeof value === 'number' ? source : value))
  } catch {
    return undefined
  }
}
