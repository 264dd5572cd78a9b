import { encodeGbk } from '../../core/protocol/gbk.ts'
import { cause, type Variant } from './causes.ts'

/** Encodes the signed text as bytes; undefined if it has other characters. */
export type TextEncoding = (text: string) => Buffer | undefined

/** How a sender may encode the text that it signs, other than in UTF-8. */
export const charsetVariants: readonly Variant<TextEncoding>[] = [
  toVariant('GBK', (text) => fromLatin1(encodeGbk(text))),
  toVariant('Latin-1', (text) => Buffer.from(text.replace(/[^\0-\xff]/gu, '?'), 'latin1')),
  toVariant('ASCII', (text) => Buffer.from(text.replace(/[^\0-\x7f]/gu, '?'), 'latin1')),
  toVariant('UTF-16LE', (text) => Buffer.from(text, 'utf16le')),
  toVariant('UTF-16BE', (text) => Buffer.from(text, 'utf16le').swap16()),
  toVariant('UTF-8 with a byte-order mark', (text) => Buffer.from(`\uFEFF${text}`)),
]

export function encodeUtf8(text: string): Buffer {
  return Buffer.from(text)
}

export function encodeLatin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

function fromLatin1(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : encodeLatin1(text)
}

function toVariant(name: string, value: TextEncoding): Variant<TextEncoding> {
  const en = `the platform signs the text in ${name}, not in UTF-8`
  return {
    value,
    causes: [
      cause('charset', en, `平台以 ${name.replace(' with a byte-order mark', '（带 BOM）')} 编码签名，而不是 UTF-8`),
    ],
  }
}
