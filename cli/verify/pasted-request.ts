import { usageError } from '../cli-error.ts'
import { type FileReader, readCurlRequest } from './curl-request.ts'
import { readHttpMessage, readRequestLine } from './http-message.ts'
import { splitWords } from './shell-words.ts'
import { type PastedRequest, splitUrl } from './split-url.ts'

/** How a body on standard input was sent. */
export interface BodyOptions {
  readonly method?: string | undefined
  readonly contentType?: string | undefined
}

/**
 * Reads a request from the arguments of the command line: a URL, a path or a line of a log with one, a curl command as one word or
 * many, or `-` for standard input, which may hold any of these or a body.
 *
 * @throws CliError
 */
export async function readPastedRequest(
  words: readonly string[],
  options: BodyOptions,
  readFile: FileReader,
): Promise<PastedRequest> {
  const [first = ''] = words
  // The shell has already split the command.
  if (words.length > 1 && isCurl(first)) return readCurlRequest(words.slice(1), readFile)
  if (words.length === 1 && first === '-') return readInput(await readFile('-'), options, readFile)
  const found = await readText(words.join(' '), readFile)
  if (found !== undefined) return found
  throw usageError({
    en: 'neither a URL, nor a curl command, nor a line of a log with a URL; "-" reads a body from standard input',
    zh: '既不是 URL，也不是 curl 命令或带有 URL 的日志行；“-”表示从标准输入读取请求体',
  })
}

async function readInput(input: Buffer, options: BodyOptions, readFile: FileReader): Promise<PastedRequest> {
  const hasOptions = options.method !== undefined || options.contentType !== undefined
  const text = input.toString()
  const found = hasOptions || isBody(text) ? undefined : (readHttpMessage(input) ?? (await readText(text, readFile)))
  if (found !== undefined) return found
  const { method = 'POST', contentType = guessContentType(text) } = options
  const isPost = method.toUpperCase() === 'POST'
  return {
    fragment: '',
    request: {
      method: method.toUpperCase(),
      rawQueryString: isPost ? '' : text.trim(),
      contentType,
      body: isPost ? input : Buffer.alloc(0),
    },
  }
}

function isBody(text: string): boolean {
  return /^\s*\{/.test(text) || /^--\S+\r?\n/.test(text) || /^[\w.%-]+=/.test(text)
}

/** The boundary of a multipart body is its first line. Everything else is recognised without a content type. */
function guessContentType(text: string): string | undefined {
  const [, boundary] = /^--(\S+)\r?\n/.exec(text) ?? []
  return boundary === undefined ? undefined : `multipart/form-data; boundary="${boundary}"`
}

async function readText(text: string, readFile: FileReader): Promise<PastedRequest | undefined> {
  if (/(^|[\s\\/])curl(\.exe)?["']?\s/i.test(text.slice(0, 300))) {
    const words = splitWords(text)
    const at = words.findIndex(isCurl)
    if (at !== -1) return readCurlRequest(words.slice(at + 1), readFile)
  }
  const target = readRequestLine(text) ?? findTarget(text.trim())
  if (target === undefined) return undefined
  const { query, fragment } = splitUrl(target)
  return { fragment, request: { method: 'GET', rawQueryString: query, contentType: undefined, body: Buffer.alloc(0) } }
}

function isCurl(word: string): boolean {
  return /(^|[\\/])curl(\.exe)?$/i.test(word)
}

/** A URL, a path with a query, or a query alone; quotation marks around it are ignored. */
function findTarget(text: string): string | undefined {
  const [, , inner = text] = /^(["'])([\s\S]*)\1$/.exec(text) ?? []
  if (/^https?:\/\/\S/i.test(inner) || /^[^\s?=]*\?[\s\S]*=/.test(inner)) return inner
  return /^[\w.%-]+=[^\n]*$/.test(inner) ? `?${inner}` : undefined
}
