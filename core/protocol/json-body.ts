import { type Parameter, UnreadableRequestError } from './callback-request.ts'
import { CharsetMismatchError, type Decoding, decodeBytes } from './decoding.ts'
import { encodeGbk } from './gbk.ts'
import { listMembers, removeWhiteSpace } from './json-members.ts'
import { parseJson } from './parse-json.ts'

/**
 * Reads a JSON object. A string is its content, `null` is no value, and any other value is its JSON text, so that no number is
 * rounded.
 *
 * @throws CharsetMismatchError
 * @throws UnreadableRequestError
 */
export function readJson(body: Uint8Array, decoding: Decoding): Parameter[] {
  if (decoding.charset === 'bytes') return toBytes(readJson(body, { ...decoding, charset: 'any' }))
  const text = decodeBytes(body, decoding).replace(/^\uFEFF/, '')
  const parsed = parseJson(text)
  if (parsed === undefined)
    throw new UnreadableRequestError({ kind: 'no_json', looksLike: looksLikeForm(text) ? 'form' : undefined })
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new UnreadableRequestError({ kind: 'no_json_object' })
  const isCompact = decoding.style === 'form' || decoding.style === 'unsigned'
  return listMembers(text).map(([name, source]) => {
    if (source.startsWith('"')) return { name, value: String(JSON.parse(source)) }
    if (source === 'null') return { name, value: '' }
    return { name, value: isCompact ? removeWhiteSpace(source) : source }
  })
}

function looksLikeForm(text: string): boolean {
  return /^[\w.%-]+=/.test(text)
}

/** Only GBK can be encoded: it is the only other character set in which JSON is known to be sent. */
function toBytes(parameters: readonly Parameter[]): Parameter[] {
  return parameters.map(({ name, value }) => {
    const bytes = encodeGbk(value)
    if (bytes === undefined) throw new CharsetMismatchError('the request is not gbk text')
    return { name, value: bytes }
  })
}
