import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import type { GatewayRequest } from './api-gateway.ts'

/** A value as its characters, each with its bytes in the character set of the sender. */
type Value = readonly { readonly text: string; readonly bytes: Uint8Array }[]
type Pairs = readonly (readonly [name: string, value: Value])[]

/** A platform or its library: how it encodes a callback, and which text it signs. */
export type Sender = {
  readonly charset: 'utf-8' | 'gbk'
  readonly isCharsetDeclared: boolean
  /** `form`: a space is `+`. `uri`: a plus is sent as it is. `strict`: both are percent-encoded. */
  readonly encoding: 'form' | 'uri' | 'strict'
  readonly signs: 'text' | 'bytes' | 'sent'
  readonly format:
    | 'query'
    | 'form'
    | 'plain form'
    | 'untyped form'
    | 'multipart'
    | 'json'
    | 'plain json'
    | 'untyped json'
  readonly codeFormat: keyof typeof codeFormats
  /** Parameters of a callback URL with its own query. They are not signed. */
  readonly urlQuery: string
  /** Whether the query of a POST repeats the parameters. */
  readonly repeats: boolean
}

const codeFormats = {
  hex: (code: Buffer) => code.toString('hex'),
  upperHex: (code: Buffer) => code.toString('hex').toUpperCase(),
  base64: (code: Buffer) => code.toString('base64'),
  base64url: (code: Buffer) => code.toString('base64url'),
  base64OfHex: (code: Buffer) => Buffer.from(code.toString('hex')).toString('base64'),
  base64InLines: (code: Buffer) =>
    Buffer.from(code.toString('hex'))
      .toString('base64')
      .replace(/.{1,64}/g, '$&\r\n'),
}

const boundary = 'bOuNdArY-7f3a'
const gbkDecoder = new TextDecoder('gbk')
const toCharacter = (text: string) => ({ text, bytes: Buffer.from(text) })

const asciiCharacter = fc.constantFrom(...'aZ09+ %&="\\|{}?#;,/:\r\n_-.~\'').map(toCharacter)
const unicodeCharacter = fc.oneof(
  fc.constantFrom(...'王é🎥\u0000ﬁ'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
)
const gbkCharacter = fc
  .tuple(fc.integer({ min: 0x81, max: 0xfe }), fc.integer({ min: 0x40, max: 0xfe }))
  .filter(([, trail]) => trail !== 0x7f)
  .map((pair) => ({ text: gbkDecoder.decode(Uint8Array.from(pair)), bytes: Uint8Array.from(pair) }))

/** Values in a character set. `|` separates signed values, so a change may move it to another value. */
export function anyValue(charset: Sender['charset']): fc.Arbitrary<Value> {
  const character = fc.oneof(asciiCharacter, charset === 'gbk' ? gbkCharacter : unicodeCharacter.map(toCharacter))
  return fc
    .array(character, { minLength: 1, maxLength: 6 })
    .filter((value) => !textOf(value).includes('|') && !textOf(value).includes(boundary))
}

export function textOf(value: Value): string {
  return value.map(({ text }) => text).join('')
}

function bytesOf(value: Value): Buffer {
  return Buffer.concat(value.map(({ bytes }) => bytes))
}

export const anySender: fc.Arbitrary<Sender> = fc
  .record<Sender>({
    charset: fc.constantFrom('utf-8', 'gbk'),
    isCharsetDeclared: fc.boolean(),
    encoding: fc.constantFrom('form', 'uri', 'strict'),
    signs: fc.constantFrom('text', 'bytes', 'sent'),
    format: fc.constantFrom(
      'query',
      'form',
      'plain form',
      'untyped form',
      'multipart',
      'json',
      'plain json',
      'untyped json',
    ),
    codeFormat: fc.constantFrom(...(Object.keys(codeFormats) as (keyof typeof codeFormats)[])),
    urlQuery: fc.constantFrom('', 'site=3', 'site=3&area=%E7%8E%8B'),
    repeats: fc.boolean(),
  })
  // No one can tell whether `+` is a space or a plus in a text that was signed as sent.
  .filter(({ signs, encoding }) => signs !== 'sent' || encoding === 'strict')
  // A callback URL in UTF-8 and values in GBK are one request in two character sets.
  .map((sender) => (sender.charset === 'gbk' && sender.urlQuery !== '' ? { ...sender, urlQuery: 'site=3' } : sender))

/**
 * Whether the text of a signature determines the values: bytes in GBK that are UTF-8 as well can be either, unless their text is
 * signed.
 */
export function isUnambiguous({ charset, signs, format }: Sender, pairs: Pairs): boolean {
  const isLiteral = /json|multipart/.test(format)
  return (
    charset === 'utf-8' ||
    signs === 'text' ||
    (signs === 'sent' && isLiteral) ||
    pairs.some(([, value]) => !isUtf8(bytesOf(value)))
  )
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}

/** Signs the parameters as the sender does. */
export function computeCode(sender: Sender, pairs: Pairs, key: string): string {
  const parts = pairs
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => signedBytes(sender, value))
    .flatMap((bytes, index) => (index === 0 ? [bytes] : [Buffer.from('|'), bytes]))
  return codeFormats[sender.codeFormat](createHmac('sha256', key).update(Buffer.concat(parts)).digest())
}

function signedBytes({ signs, format, encoding }: Sender, value: Value): Buffer {
  if (signs === 'bytes') return bytesOf(value)
  const isLiteral = /json|multipart/.test(format)
  return Buffer.from(signs === 'text' || isLiteral ? textOf(value) : encode(bytesOf(value), encoding))
}

/** Encodes a request with the parameters and the code. */
export function encodeRequest(sender: Sender, pairs: Pairs, code: string): GatewayRequest {
  const { format, charset, isCharsetDeclared, urlQuery } = sender
  const all: Pairs = [...pairs, ['check_code', [...code].map(toCharacter)]]
  const form = all
    .map(([name, value]) => `${encodeURIComponent(name)}=${encode(bytesOf(value), sender.encoding)}`)
    .join('&')
  if (format === 'query') return { query: [urlQuery, form].filter(Boolean).join('&') }
  const repeated = sender.repeats && /form/.test(format) ? form : ''
  const parameter = isCharsetDeclared ? `; charset=${charset}` : ''
  const contentTypes: Readonly<Record<string, string>> = {
    form: `application/x-www-form-urlencoded${parameter}`,
    'plain form': `text/plain${parameter}`,
    multipart: `multipart/form-data; boundary=${boundary}`,
    json: `application/json${parameter}`,
    'plain json': `text/plain${parameter}`,
  }
  const contentType = contentTypes[format]
  return {
    method: 'POST',
    query: [urlQuery, repeated].filter(Boolean).join('&'),
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    body: /json/.test(format) ? encodeJson(all) : format === 'multipart' ? encodeMultipart(all) : form,
    isBase64Encoded: true,
  }
}

function encode(bytes: Uint8Array, encoding: Sender['encoding']): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte)
    if (character === ' ' && encoding === 'form') return '+'
    if (character === '+' && encoding === 'uri') return '+'
    if (encoding === 'uri' && '/?:;,'.includes(character)) return character
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

function encodeJson(pairs: Pairs): Buffer {
  const members = pairs.flatMap(([name, value], index) => [
    Buffer.from(`${index === 0 ? '' : ', '}${JSON.stringify(name)}: "`),
    // Only ASCII characters need an escape.
    ...value.map(({ text, bytes }) => (bytes.length === 1 ? Buffer.from(JSON.stringify(text).slice(1, -1)) : bytes)),
    Buffer.from('"'),
  ])
  return Buffer.concat([Buffer.from('{'), ...members, Buffer.from('}')])
}

function encodeMultipart(pairs: Pairs): Buffer {
  const parts = pairs.flatMap(([name, value]) => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`),
    bytesOf(value),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
}
