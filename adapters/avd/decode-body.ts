import type { IncomingHttpHeaders } from 'node:http'
import { brotliDecompressSync, unzipSync } from 'node:zlib'

/**
 * Decodes the body of a response exactly: a replaced character would change an id.
 *
 * Servers may compress without being asked to, and may declare charsets that they do not use, so UTF-8 is tried first.
 *
 * @returns undefined if the body is not in the declared encoding, or neither in UTF-8 nor in the declared charset.
 */
export function decodeBody(body: Buffer, headers: IncomingHttpHeaders, maxBytes: number): string | undefined {
  const content = decompress(body, headers['content-encoding'], maxBytes)
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '') ?? []
  return content && (decodeText(content, 'utf-8') ?? decodeText(content, charset))
}

function decompress(body: Buffer, encoding: string | undefined, maxOutputLength: number): Buffer | undefined {
  try {
    switch (encoding?.trim().toLowerCase() ?? '') {
      case '':
      case 'identity':
        return body
      case 'gzip':
      case 'x-gzip':
      case 'deflate':
        return unzipSync(body, { maxOutputLength })
      case 'br':
        return brotliDecompressSync(body, { maxOutputLength })
      default:
        return undefined
    }
  } catch {
    return undefined
  }
}

function decodeText(content: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(content)
  } catch {
    return undefined
  }
}
