import { usageError } from '../cli-error.ts'
import { type CurlOption, listCurlOptions } from './curl-options.ts'
import { encodeMultipart, type FormField } from './multipart-body.ts'
import { type PastedRequest, splitUrl } from './split-url.ts'

/** Reads a file that a command names; `-` is standard input. */
export type FileReader = (name: string) => Promise<Buffer>

const formType = 'application/x-www-form-urlencoded'

/**
 * Reads the request that a curl command sends (curl's manual page).
 *
 * @param words without `curl`.
 * @throws CliError if there is no URL, or a file cannot be read.
 */
export async function readCurlRequest(words: readonly string[], readFile: FileReader): Promise<PastedRequest> {
  const options = listCurlOptions(words)
  const valuesOf = (...names: string[]) => options.filter(({ name }) => names.includes(name)).map(({ value }) => value)
  const url = splitUrl(findUrl(options))
  const data = await joinData(options, readFile)
  const fields = await Promise.all(options.flatMap((option) => readField(option, readFile)))
  const isGet = valuesOf('get').length > 0
  const query = [
    url.query,
    ...(isGet && data !== undefined ? [data.toString()] : []),
    ...(await listUrlQuery(options, readFile)),
  ]
  const form = fields.length > 0 ? encodeMultipart(fields) : undefined
  const body = form?.body ?? (isGet ? undefined : data)
  const contentType = form?.contentType ?? (valuesOf('json').length > 0 ? 'application/json' : formType)
  return {
    fragment: url.fragment,
    request: {
      method:
        valuesOf('request').at(-1) ?? (valuesOf('head').length > 0 ? 'HEAD' : body === undefined ? 'GET' : 'POST'),
      rawQueryString: query.filter((part) => part !== '').join('&'),
      contentType: findHeader(valuesOf('header'), 'content-type') ?? (body === undefined ? undefined : contentType),
      contentEncoding: findHeader(valuesOf('header'), 'content-encoding'),
      body: body ?? Buffer.alloc(0),
    },
  }
}

/** A value of an unknown option looks like a URL, too, so the best match counts. */
function findUrl(options: readonly CurlOption[]): string {
  const candidates = options.filter(({ name }) => name === 'url' || name === '').map(({ value }) => value)
  const url =
    candidates.find((text) => /^https?:\/\//i.test(text)) ??
    candidates.find((text) => /[?/]/.test(text)) ??
    candidates.at(0)
  if (url !== undefined) return url
  throw usageError({ en: 'the curl command has no URL', zh: 'curl 命令中没有 URL' })
}

function findHeader(headers: readonly string[], name: string): string | undefined {
  const found = headers.findLast((header) => header.toLowerCase().startsWith(`${name}:`))
  return found?.slice(name.length + 1).trim()
}

/** Joins the data of all options with `&`, except JSON, which is continued. */
async function joinData(options: readonly CurlOption[], readFile: FileReader): Promise<Buffer | undefined> {
  let joined: Buffer | undefined
  for (const option of options) {
    const data = await readData(option, readFile)
    if (data === undefined) continue
    const separator = option.name === 'json' || joined === undefined ? '' : '&'
    joined = Buffer.concat([joined ?? Buffer.alloc(0), Buffer.from(separator), data])
  }
  return joined
}

async function readData({ name, value }: CurlOption, readFile: FileReader): Promise<Buffer | undefined> {
  const file = value.startsWith('@') ? value.slice(1) : undefined
  if (name === 'data-raw') return Buffer.from(value)
  if (name === 'data-urlencode') return encodeData(value, readFile)
  if (name === 'json' || name === 'data-binary') return file === undefined ? Buffer.from(value) : readFile(file)
  if (name !== 'data' && name !== 'data-ascii') return undefined
  if (file === undefined) return Buffer.from(value)
  // Line ends of a file are removed.
  const bytes = await readFile(file)
  return Buffer.from(bytes.toString('latin1').replace(/[\r\n\0]/g, ''), 'latin1')
}

/** `text`, `=text`, `name=text`, `@file` or `name@file`: the text is percent-encoded, the name is not. */
async function encodeData(value: string, readFile: FileReader): Promise<Buffer> {
  const [, name = '', mark = '', rest = value] = /^([^=@]*)([=@])([\s\S]*)$/.exec(value) ?? []
  const text = mark === '@' ? await readFile(rest) : Buffer.from(rest)
  return Buffer.from(`${name}${name === '' ? '' : '='}${encodeBytes(text)}`)
}

function encodeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte)
    if (character === ' ') return '+'
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

async function listUrlQuery(options: readonly CurlOption[], readFile: FileReader): Promise<string[]> {
  const values = options.filter(({ name }) => name === 'url-query').map(({ value }) => value)
  return Promise.all(
    values.map(async (value) =>
      value.startsWith('+') ? value.slice(1) : (await encodeData(value, readFile)).toString(),
    ),
  )
}

/** `name=content`, `name=@file` or `name=<file`, each with `;type=…`. */
function readField({ name: option, value }: CurlOption, readFile: FileReader): Promise<FormField>[] {
  const equals = value.indexOf('=')
  const [name, content] = [value.slice(0, equals), value.slice(equals + 1)]
  if (option === 'form-string') return [Promise.resolve({ name, content: Buffer.from(content) })]
  if (option !== 'form') return []
  const [, text = '', type] =
    /^([\s\S]*?)(?:;\s*type=([^;]+))?(?:;\s*(?:filename|headers|encoder)=.*)*$/.exec(content) ?? []
  const unquoted = /^"[\s\S]*"$/.test(text) ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text
  const bytes = /^[@<]/.test(text) ? readFile(unquoted.slice(1)) : Promise.resolve(Buffer.from(unquoted))
  return [bytes.then((read) => ({ name, content: read, contentType: type }))]
}
