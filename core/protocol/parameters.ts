/**
 * One parameter of a callback.
 *
 * `value` is what it means (percent-decoded; a nested JSON value as compact JSON text); `sent` is the same
 * as it stood in the request. The document does not say which of the two is signed, so both are kept.
 */
export type Parameter = { readonly name: string; readonly value: string; readonly sent: string }

/** The request cannot be read as parameters; `message` tells the sender why, in one line. */
export class UnreadableRequest extends Error {
  override name = 'UnreadableRequest'
}

/** What is read of a request. `contentType` as in its header; `body` already out of base64. */
export type CallbackRequest = {
  readonly method: string
  readonly rawQueryString: string
  readonly contentType: string | undefined
  readonly body: Uint8Array
}

/** Longer ones are no names, and no store could keep them. */
const maxNameLength = 1024

const nothing = new Uint8Array()

/**
 * Reads the parameters of the query string and, for a POST, of a form, multipart or JSON body.
 *
 * A body without a content type is taken for JSON where it starts like JSON, for a form otherwise.
 *
 * @throws UnreadableRequest where the body is not what its content type says, or a parameter comes twice
 *   (it would make the signature ambiguous).
 */
export async function readParameters(request: CallbackRequest): Promise<Parameter[]> {
  const body = request.method === 'POST' ? request.body : nothing
  const fromBody = body.length === 0 ? [] : await readBody(body, request.contentType)
  const parameters = readForm(request.rawQueryString).concat(fromBody)
  const seen = new Set<string>()
  for (const { name } of parameters) {
    if (name.length > maxNameLength)
      throw new UnreadableRequest(`a parameter name is longer than ${maxNameLength} characters`)
    if (seen.has(name)) throw new UnreadableRequest(`parameter "${name}" is repeated`)
    seen.add(name)
  }
  return parameters
}

async function readBody(body: Uint8Array, contentType: string | undefined): Promise<Parameter[]> {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '') {
    case 'application/x-www-form-urlencoded':
      return readFormBody(textOf(body, contentType))
    case 'application/json':
      return readJson(textOf(body, contentType))
    case 'multipart/form-data':
      return readMultipart(body, contentType ?? '')
    case '': {
      const text = textOf(body, contentType)
      return text.trimStart().startsWith('{') ? readJson(text) : readFormBody(text)
    }
    default:
      throw new UnreadableRequest(
        'content type not supported: send application/x-www-form-urlencoded, multipart/form-data or application/json',
      )
  }
}

function textOf(body: Uint8Array, contentType: string | undefined): string {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body)
  } catch {
    throw new UnreadableRequest(`the body is not ${charset} text`)
  }
}

function readFormBody(text: string): Parameter[] {
  if (/^\s*[{[]/.test(text) || /^--\S+\r?\n/.test(text))
    throw new UnreadableRequest('the body is not a form, though its content type says so')
  return readForm(text)
}

/**
 * Reads `name=value&…`. Text that is not proper percent-encoding of UTF-8 is kept as sent: a sender that
 * encodes sloppily, or in another character set, must not lose its event.
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
    throw new UnreadableRequest('the body is not multipart/form-data, though its content type says so')
  }
}

function readJson(text: string): Parameter[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new UnreadableRequest('the body is not JSON, though its content type says so')
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new UnreadableRequest('the JSON body must be an object of parameters')
  return members(text).map(([name, source]) => {
    if (source.startsWith('"')) {
      const value: string = JSON.parse(source)
      return { name, value, sent: value }
    }
    // null is "no value"; a number or a nested value signs as its JSON text, as sent or compact.
    if (source === 'null') return { name, value: '', sent: '' }
    return { name, value: compact(source), sent: source }
  })
}

/** JSON text without its blanks. As text: reading and writing it again would change large numbers and the order. */
function compact(source: string): string {
  return source.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
}

/**
 * The members of a JSON object with the source text of each value, in order, repeated names included:
 * JSON.parse keeps neither the text nor the repetition. `text` must be valid JSON of an object.
 */
function members(text: string): [name: string, source: string][] {
  const found: [string, string][] = []
  let at = text.indexOf('{') + 1
  for (;;) {
    at = skipBlank(text, at)
    if (text[at] === '}') return found
    if (text[at] === ',') at = skipBlank(text, at + 1)
    const nameEnd = endOfString(text, at)
    const valueStart = skipBlank(text, skipBlank(text, nameEnd) + 1)
    const valueEnd = endOfValue(text, valueStart)
    found.push([JSON.parse(text.slice(at, nameEnd)), text.slice(valueStart, valueEnd).trimEnd()])
    at = valueEnd
  }
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (/\s/.test(text[at] ?? '')) at++
  return at
}

/** The place behind the string whose opening quote is at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** The place of the comma or bracket that ends the value at `from`. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  let at = from
  for (;;) {
    const char = text[at] ?? '}'
    if (char === '"') {
      at = endOfString(text, at)
      continue
    }
    if (depth === 0 && (char === ',' || char === '}')) return at
    if (char === '{' || char === '[') depth++
    if (char === '}' || char === ']') depth--
    at++
  }
}
