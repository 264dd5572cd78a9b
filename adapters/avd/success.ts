import type { ListPaths } from './avd-settings.ts'
import { findFields, splitWords } from './field-names.ts'
import { PlatformError } from './http.ts'
import { isObject, namesIn, search } from './json-fields.ts'
import { judgeField } from './success-indicators.ts'

const maxDepth = 4

/** Objects whose fields are about the response as a whole, besides those on the way to the list. */
const envelopeWords: ReadonlySet<string> = new Set([
  ...['status', 'state', 'error', 'errors', 'err', 'result', 'ret', 'meta', 'metadata', 'head', 'header', 'response'],
  ...['resp', 'rsp', 'res', 'base', 'ack', 'info', 'data', 'body', 'common', 'return', 'page', 'pagination', 'payload'],
  ...['content', 'obj', 'object'],
])

/**
 * Verifies that a response is a success (docs/contract.md, section 5): `ret` is 0, as number or text, and no other field
 * contradicts it. Without `ret`, the response counts only if `list_paths` are configured.
 *
 * @throws PlatformError 'refused' that names the field and its value; 'unrecognised' without `ret`.
 */
export function verifySuccess(endpoint: string, response: unknown, paths: ListPaths | undefined): void {
  verifyNoFailure(endpoint, response, paths)
  if (paths?.success) verifyConfigured(endpoint, response, paths.success)
  const ret = isObject(response) ? response.ret : undefined
  if ((ret === undefined || ret === null) && paths === undefined)
    throw new PlatformError('unrecognised', {
      english: `${endpoint}: the response has no ret`,
      chinese: `${endpoint}：响应中没有 ret`,
    })
}

/** Verifies that no field of a response states a failure. @throws PlatformError 'refused' that names the field. */
export function verifyNoFailure(endpoint: string, response: unknown, paths: ListPaths | undefined): void {
  if (!isObject(response)) return
  verifyRet(endpoint, response)
  const failure = findFailure(response, paths)
  if (failure !== undefined) throw refusal(endpoint, failure, response)
}

/** Verifies that a `ret` is 0, if there is one. @throws PlatformError 'refused' */
export function verifyRet(endpoint: string, response: unknown): void {
  const ret = isObject(response) ? response.ret : undefined
  if (ret === undefined || ret === null || ret === 0 || ret === '0') return
  throw refusal(endpoint, { path: 'ret', value: ret }, response)
}

/** The expression yields true, or a field that is an indicator of success by its name. */
function verifyConfigured(endpoint: string, response: unknown, path: string): void {
  const value = search(response, path)
  const judgement = value === true ? 'success' : judgeField(splitWords(namesIn(path).at(-1) ?? ''), value)
  if (judgement !== 'success') throw refusal(endpoint, { path: `list_paths.success (${path})`, value }, response)
}

type Failure = { readonly path: string; readonly value: unknown }

/** Finds a field that states a failure. What `list_paths.success` names is left to that expression. */
function findFailure(response: Readonly<Record<string, unknown>>, paths: ListPaths | undefined): Failure | undefined {
  const exempt: ReadonlySet<string> = new Set(namesIn(paths?.success ?? ''))
  const onTheWay: ReadonlySet<string> = new Set(namesIn(paths?.rooms ?? ''))
  const visit = (parent: Readonly<Record<string, unknown>>, path: string, depth: number): Failure | undefined => {
    for (const [name, value] of Object.entries(parent)) {
      if (name === 'ret' && depth === 1) continue
      const fieldPath = path === '' ? name : `${path}.${name}`
      const words = splitWords(name)
      if (!exempt.has(name) && judgeField(words, value) === 'failure') return { path: fieldPath, value }
      const isEnvelope = onTheWay.has(name) || words.some((word) => envelopeWords.has(word))
      if (!isObject(value) || depth >= maxDepth || !isEnvelope) continue
      const found = visit(value, fieldPath, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  return visit(response, '', 1)
}

/** Finds a field of a room that states that the room could not be read. A room may have a status and a code of its own. */
export function findRoomFailure(room: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(room).find((name) => {
    const words = splitWords(name)
    const isAboutReading = words.some((word) => /^(ret|err|error|errors|errno|success|succeeded|exception)$/.test(word))
    if (isAboutReading) return judgeField(words, room[name]) === 'failure'
    return /^(status|state)$/.test(words.join()) && /^(error|fail|timeout|unavail|unreach)/i.test(String(room[name]))
  })
}

/** The codes for a missing or expired login are not published, so the code or the platform's message decides. */
function refusal(endpoint: string, { path, value }: Failure, response: unknown): PlatformError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const message = messageOf(response)
  const isAboutLogin = /^40[13]$/.test(shown) || /token|auth|login|登录|鉴权|令牌/i.test(`${shown} ${message}`)
  const stated = `${path} ${shown.slice(0, maxShownLength)} ${shown === message ? '' : message}`.trim()
  const text = { english: `${endpoint}: ${stated}`, chinese: `${endpoint}：平台返回 ${stated}` }
  return new PlatformError('refused', text, isAboutLogin)
}

const maxShownLength = 200

function messageOf(response: unknown): string {
  if (!isObject(response)) return ''
  const [message] = findFields(response, ['msg', 'message', 'errmsg', 'errormsg', 'reason'])
  return typeof message?.value === 'string' ? message.value.slice(0, maxShownLength) : ''
}
