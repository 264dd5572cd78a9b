import http from 'node:http'
import https from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Bilingual } from '../../core/notifications/alert-text.ts'
import { ExplainedError } from '../../core/ports/explained-error.ts'
import { nameNetworkError } from '../network-errors.ts'
import { decodeBody } from './decode-body.ts'
import { parseExactJson } from './exact-json.ts'

export type PlatformErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'http_status'
  | 'not_json'
  | 'refused'
  | 'unrecognised'
  | 'incomplete'

/** The platform gave no response that can be trusted. */
export class PlatformError extends ExplainedError {
  override name = 'PlatformError'
  readonly reason: PlatformErrorReason
  /** The platform does not accept the token, or no longer does: a new login may help. */
  readonly unauthenticated: boolean

  constructor(reason: PlatformErrorReason, text: Bilingual, unauthenticated = false) {
    super(text)
    this.reason = reason
    this.unauthenticated = unauthenticated
  }
}

/** Sends a GET request to a path below the base URL. @returns the JSON with exact integers. @throws PlatformError */
export type GetJson = (path: string, query: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<unknown>

/** Far more than any list needs; protects the function's memory from a faulty server. */
const maxResponseBytes = 128 * 1024 * 1024
const tooLarge: Bilingual = { english: 'the response is too large', chinese: '响应过大' }

/**
 * @param baseUrl `http` or `https`, with any port and path.
 * @param caPem a private certificate authority to trust besides the public ones. Certificates are always checked.
 * @param timeoutMs for each request.
 */
export function createGetJson(baseUrl: string, caPem: string | undefined, timeoutMs: number): GetJson {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)
  const isSecure = base.protocol === 'https:'
  const agent = isSecure
    ? new https.Agent({ keepAlive: true, ...(caPem === undefined ? {} : { ca: [...rootCertificates, caPem] }) })
    : new http.Agent({ keepAlive: true })
  return async (path, query, signal) => {
    const url = new URL(path, base)
    url.search = new URLSearchParams(query).toString()
    const eitherSignal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const { status, body, headers } = await get(url, isSecure ? https.get : http.get, agent, eitherSignal)
    if (status !== 200) throw unexpectedStatus(path, status)
    const text = decodeBody(body, headers, maxResponseBytes)
    if (text === undefined)
      throw new PlatformError('not_json', {
        english: `${path}: the response cannot be decoded`,
        chinese: `${path}：响应无法解码`,
      })
    const response = parseExactJson(text)
    if (response === undefined)
      throw new PlatformError('not_json', {
        english: `${path}: the response is not JSON`,
        chinese: `${path}：响应不是 JSON`,
      })
    return response
  }
}

function unexpectedStatus(path: string, status: number): PlatformError {
  const text = { english: `${path}: HTTP ${status}`, chinese: `${path}：返回 HTTP ${status}` }
  return new PlatformError('http_status', text, status === 401 || status === 403)
}

function noResponse(path: string, error: Error & { readonly code?: unknown }, isLate: boolean): PlatformError {
  if (isLate)
    return new PlatformError('timeout', { english: `${path}: no response in time`, chinese: `${path}：未及时响应` })
  return new PlatformError('unreachable', {
    english: `${path}: ${error.message}`,
    chinese: `${path}：${nameError(error)}`,
  })
}

function nameError(error: Error & { readonly code?: unknown }): string {
  if (error instanceof ExplainedError) return error.text.chinese
  return `${nameNetworkError(error.code)}（${error.message}）`
}

type Received = { readonly status: number; readonly body: Buffer; readonly headers: http.IncomingHttpHeaders }

function get(url: URL, send: typeof http.get, agent: http.Agent, signal: AbortSignal): Promise<Received> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(noResponse(url.pathname, error, signal.aborted))
    const request = send(url, { agent, signal, headers: { accept: 'application/json' } }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxResponseBytes) response.destroy(new ExplainedError(tooLarge))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), headers: response.headers }),
      )
    })
    request.on('error', fail)
  })
}
