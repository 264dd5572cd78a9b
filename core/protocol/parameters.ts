import { listMembers, removeWhiteSpace } from './json-members.ts'
import { parseJson } from './parse-json.ts'

/**
 * One parameter of a callback.
 *
 * `value` is the decoded value: percent-decoded, or a nested JSON value as compact JSON. `sent` is the text as it appears
 * in the request. The document does not say which of them is signed, so both are kept.
 */
export type Parameter = { readonly name: string; readonly value: string; readonly sent: string }

/** The request cannot be parsed. `message` tells the sender why, in one line. */
export class UnreadableRequestError extends Error {
  override name = 'UnreadableRequestError'
}

/** The parts of a request that carry parameters. `contentType` is the header's value; `body` is decoded from base64. */
export type CallbackRequest = {
  readonly method: string
  readonly rawQueryString: string
  readonly contentType: string | undefined
  readonly body: Uint8Array
}

/** Characters. Longer names are rejected: no store could hold them. */
const maxNameLength = 1024

const emptyBody = new Uint8Array()

/**
 * Reads the parameters of the query string and, for a POST, of a form, multipart or JSON body.
 *
 * A body without a content type is read as JSON if it starts like JSON, and as a form otherwise.
 *
 * @throws UnreadableRequestError if the body does not match its content type, or if a parameter is repeated, because the
 *   signature would be ambiguous.
 */
export async function readParameters(request: CallbackRequest): Promise<Parameter[]> {
  const body = request.method === 'POST' ? request.body : emptyBody
  const fromBody = body.length === 0 ? [] : await readBody(body, request.contentType)
  const parameters = readForm(request.rawQueryString).concat(fromBody)
  const seen = new Set<string>()
  for (const { name } of parameters) {
    if (name.length > maxNameLength)
      throw new UnreadableRequestError(`a parameter name is longer than ${maxNameLength} characters`)
    if (seen.has(name)) throw new UnreadableRequestError(`parameter "${name}" is repeated`)
    seen.add(name)
  }
  return parameters
}

async function readBody(body: Uint8Array, contentType: string | undefined): Promise<Parameter[]> {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '') {
    case 'application/x-www-form-urlencoded':
      return readFormBody(decodeText(body, contentType))
    case 'application/json':
      return readJson(decodeText(body, contentType))
    case 'multipart/form-data':
      return readMultipart(body, contentType ?? '')
    case '': {
      const text = decodeText(body, contentType)
      return text.trimStart().startsWith('{') ? readJson(text) : readFormBody(text)
    }
    default:
      throw new UnreadableRequestError(
        'content type not supported: send application/x-www-form-urlencoded, multipart/form-data or application/json',
      )
  }
}

function decodeText(body: Uint8Array, contentType: string | undefined): string {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body)
  } catch {
    throw new UnreadableRequestError(`the body is not ${charset} text`)
  }
}

function readFormBody(text: string): Parameter[] {
  if (/^\s*[{[]/.test(text) || /^--\S+\r?\n/.test(text))
    throw new UnreadableRequestError('the body is not a form, though its content type says so')
  return readForm(text)
}

/**
 * Reads `name=value&…`. Text that is not valid percent-encoded UTF-8 is kept as sent, so that an event with a wrong
 * encoding or another character set is not lost.
 */
export function readForm(text: string): Parameter[] {
  const parameters: Parameter[] = []
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    const sent = equals === -1 ? '' : pair.slice(equals + 1)
    parameters.push({ name: decodeFormText(name), value: decodeFormText(sent), sent })
  }
  return parameters
}

function decodeFormText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

async function readMultipart(body: Uint8Array, contentType: string): Promise<Parameter[]> {
  try {
    const form = await new Response(body.slice(), { headers: { 'content-type': contentType } }).formData()
    return await Promise.all(
      Array.from(form, async ([name, entry]) => {
        const value = typeof entry === 'string' ? entry : await entry.text()
        return { name, value, sent: value }
      }),
    )
  } catch {
    throw new UnreadableRequestError('the body is not multipart/form-data, though its content type says so')
  }
}

function readJson(text: string): Parameter[] {
  const parsed = parseJson(text)
  if (parsed === undefined) throw new UnreadableRequestError('the body is not JSON, though its content type says so')
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new UnreadableRequestError('the JSON body must be an object of parameters')
  return listMembers(text).map(([name, source]) => {
    if (source.startsWith('"')) {
      const value: string = JSON.parse(source)
      return { name, value, sent: value }
    }
    // null counts as no value. A number or a nested value is signed as its JSON text, as sent or compact.
    if (source === 'null') return { name, value: '', sent: '' }
    return { name, value: removeWhiteSpace(source), sent: source }
  })
}
