import { type CallbackRequest, type Parameter, UnreadableRequestError } from './callback-request.ts'
import { canonicalCharset, type Decoding, decodeBytes } from './decoding.ts'
import { separateQueries } from './documented-parameters.ts'
import { readForm, toFormText } from './form.ts'
import { readJson } from './json-body.ts'
import { declaredCharset, readMultipart } from './multipart.ts'

/** Characters. Longer names are rejected: no store could hold them. */
const maxNameLength = 1024

/**
 * Reads the parameters of the query string and, for a POST, of a form, multipart or JSON body (docs/contract.md, section 3).
 *
 * A body that is `text/plain` or has no content type is read as JSON if it starts like JSON, and as a form otherwise. Equal
 * repetitions of a parameter count once.
 *
 * @throws CharsetMismatchError if the request is not text in the character set of the decoding.
 * @throws UnreadableRequestError if the body does not match its content type, or if a parameter has two different values.
 */
export function readParameters(request: CallbackRequest, decoding: Decoding): Parameter[] {
  return mergeRepetitions(listParameters(request, decoding))
}

/** Like `readParameters`, but lists repetitions. @throws CharsetMismatchError @throws UnreadableRequestError */
export function listParameters(request: CallbackRequest, decoding: Decoding): Parameter[] {
  const fromQuery = readForm(separateQueries(request.rawQueryString), decoding)
  const hasBody = request.method === 'POST' && request.body.length > 0
  return hasBody ? fromQuery.concat(readBody(request, decoding)) : fromQuery
}

/** The character set that the content type or the parameter `_charset_` of HTML forms declares. */
export function findDeclaredCharset({ contentType, rawQueryString, body }: CallbackRequest): string | undefined {
  const declared = declaredCharset(contentType)
  if (declared !== undefined) return declared
  const label = findCharsetField(Buffer.from(rawQueryString)) ?? findCharsetField(body)
  return label === undefined ? undefined : canonicalCharset(label)
}

/** The value of `_charset_` in a query, a form or a multipart body. */
function findCharsetField(text: Uint8Array): string | undefined {
  if (text.length === 0) return undefined
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  const at = bytes.indexOf('_charset_')
  if (at === -1) return undefined
  return /^_charset_(?:=|"\r?\n\r?\n)([\w.:-]+)/.exec(bytes.toString('latin1', at, at + 100))?.[1]
}

function readBody(request: CallbackRequest, decoding: Decoding): Parameter[] {
  const { contentType = '', contentEncoding = '' } = request
  if (!['', 'identity'].includes(contentEncoding.trim().toLowerCase()))
    throw new UnreadableRequestError({ kind: 'content_encoding', encoding: contentEncoding })
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const body = /utf-16/i.test(contentType) ? toUtf8(request.body, declaredCharset(contentType)) : request.body
  if (type === 'application/x-www-form-urlencoded') return readFormBody(body, type, decoding)
  if (/^(application|text)\/([\w.-]+\+)?json$/.test(type)) return readJson(body, decoding)
  if (type === 'multipart/form-data') return readMultipart(body, contentType, decoding)
  if (type === '' || type === 'text/plain')
    return startsLikeJson(body) ? readJson(body, decoding) : readFormBody(body, type, decoding)
  throw new UnreadableRequestError({ kind: 'content_type', type })
}

/** UTF-16 is the only character set here in which ASCII characters are not single bytes. */
function toUtf8(body: Uint8Array, charset: string | undefined): Uint8Array {
  return Buffer.from(new TextDecoder(charset).decode(body))
}

function startsLikeJson(body: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?\s*\{/.test(Buffer.from(body.subarray(0, 1024)).toString('latin1'))
}

function readFormBody(body: Uint8Array, type: string, decoding: Decoding): Parameter[] {
  const text = toFormText(body)
  const looksLike = findOtherType(text)
  if (looksLike !== undefined) throw new UnreadableRequestError({ kind: 'no_form', type, looksLike })
  // Without a signature, a body that is no text at all is refused.
  if (decoding.style === 'unsigned' && decoding.charset === 'any') decodeBytes(body, decoding)
  // Some senders end the body with a line break.
  return readForm(text.replace(/\r?\n$/, ''), decoding)
}

/** What a body looks like that is not a form. */
function findOtherType(text: string) {
  if (/^\s*\{/.test(text)) return 'json'
  if (/^\s*\[/.test(text)) return 'json_list'
  return /^--\S+\r?\n/.test(text) ? 'multipart' : undefined
}

/** @throws UnreadableRequestError if a parameter has two different values, because the signature would be ambiguous. */
function mergeRepetitions(parameters: Parameter[]): Parameter[] {
  const values = new Map<string, string>()
  for (const { name, value } of parameters) {
    if (name.length > maxNameLength) throw new UnreadableRequestError({ kind: 'long_name', maxLength: maxNameLength })
    const before = values.get(name)
    if (before !== undefined && before !== value) throw new UnreadableRequestError({ kind: 'repeated_parameter', name })
    values.set(name, value)
  }
  if (values.size === parameters.length) return parameters
  return Array.from(values, ([name, value]) => ({ name, value }))
}
