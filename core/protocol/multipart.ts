import { type Parameter, UnreadableRequestError } from './callback-request.ts'
import { CharsetMismatchError, canonicalCharset, type Decoding, decodeBytes } from './decoding.ts'

/** Characters (RFC 2046, section 5.1.1). The time to search the body for a longer boundary grows with its length. */
const maxBoundaryLength = 70

const parameterPattern = /;\s*([^\s=;]+)\s*=\s*(?:"([^"]*)"|([^;]*))/g

/**
 * Reads the fields of multipart/form-data. Files count as fields. A value is in the character set that its part declares, or
 * else in that of the decoding.
 *
 * @throws CharsetMismatchError
 * @throws UnreadableRequestError if the body is not multipart/form-data with the boundary of the content type.
 */
export function readMultipart(body: Uint8Array, contentType: string, decoding: Decoding): Parameter[] {
  const [, quoted, plain = ''] = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  return splitParts(Buffer.from(body), boundary).map((part) => {
    const { headers, content } = splitPart(part)
    const name = nameOf(headers['content-disposition'] ?? '')
    const bytes = headers['content-transfer-encoding']?.toLowerCase() === 'base64' ? decodeBase64(content) : content
    return {
      name: decodeName(decodeBytes(Buffer.from(name, 'latin1'), decoding)),
      value: decodeValue(bytes, headers['content-type'], decoding),
    }
  })
}

/** The parts between the boundaries, with their headers. */
function splitParts(body: Buffer, boundary: string): Buffer[] {
  const delimiter = `--${boundary}`
  const parts: Buffer[] = []
  let start: number | undefined
  const isBoundary = boundary !== '' && boundary.length <= maxBoundaryLength
  let at = isBoundary ? findDelimiter(body, delimiter, 0) : -1
  while (at !== -1) {
    if (start !== undefined) parts.push(body.subarray(start, endBeforeLineBreak(body, at)))
    const after = at + delimiter.length
    if (body.toString('latin1', after, after + 2) === '--') return parts
    const lineEnd = body.indexOf('\n', after)
    if (lineEnd === -1 || body.toString('latin1', after, lineEnd).trim() !== '') break
    start = lineEnd + 1
    at = findDelimiter(body, delimiter, start)
  }
  throw notMultipart()
}

/** The index of the delimiter at the start of a line, or -1. */
function findDelimiter(body: Buffer, delimiter: string, from: number): number {
  let at = body.indexOf(delimiter, from, 'latin1')
  while (at > 0 && body[at - 1] !== 0x0a) at = body.indexOf(delimiter, at + 1, 'latin1')
  return at
}

function endBeforeLineBreak(body: Buffer, at: number): number {
  return body[at - 2] === 0x0d ? at - 2 : at - 1
}

function splitPart(part: Buffer): { readonly headers: Readonly<Record<string, string>>; readonly content: Buffer } {
  const text = part.toString('latin1')
  const [head = ''] = /^.*?\r?\n\r?\n/s.exec(text) ?? []
  if (head === '') throw notMultipart()
  const headers: Record<string, string> = {}
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, content: part.subarray(head.length) }
}

/** The bytes of the field's name, one character each. */
function nameOf(disposition: string): string {
  if (!/^form-data\s*;/i.test(disposition)) throw notMultipart()
  for (const [, name = '', quoted, plain = ''] of disposition.matchAll(parameterPattern))
    if (name.toLowerCase() === 'name') return quoted ?? plain.trim()
  throw notMultipart()
}

/** HTML escapes only these characters in names. */
function decodeName(name: string): string {
  return name.replace(/%(22|0d|0a)/gi, (escaped) => decodeURIComponent(escaped))
}

function decodeValue(bytes: Buffer, contentType: string | undefined, decoding: Decoding): string {
  const { charset } = decoding
  const own = charset === 'bytes' ? undefined : declaredCharset(contentType)
  if (own !== undefined) {
    try {
      return decodeBytes(bytes, { charset: own })
    } catch (error) {
      if (!(error instanceof CharsetMismatchError)) throw error
    }
  }
  try {
    return decodeBytes(bytes, decoding)
  } catch (error) {
    // A value that is text in no character set is still an event.
    if (charset === 'any' && error instanceof CharsetMismatchError) return bytes.toString('utf8')
    throw error
  }
}

function decodeBase64(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1'), 'base64')
}

/** The character set that a content type declares; undefined if it declares no known one. */
export function declaredCharset(contentType: string | undefined): string | undefined {
  const [, label] = /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType ?? '') ?? []
  return label === undefined ? undefined : canonicalCharset(label)
}

function notMultipart(): UnreadableRequestError {
  return new UnreadableRequestError({ kind: 'no_multipart' })
}
