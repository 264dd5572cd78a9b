import http from 'node:http'
import https from 'node:https'
import { rootCertificates } from 'node:tls'

/** The platform gave no answer that can be believed; `reason` counts the causes. */
export class PlatformError extends Error {
  override name = 'PlatformError'
  readonly reason: 'unreachable' | 'timeout' | 'http_status' | 'not_json' | 'refused' | 'unrecognised' | 'incomplete'
  /** The platform does not, or no longer, know who asks: worth logging in again. */
  readonly unauthenticated: boolean

  constructor(reason: PlatformError['reason'], message: string, unauthenticated = false) {
    super(message)
    this.reason = reason
    this.unauthenticated = unauthenticated
  }
}

/** GETs a path with a query below the base address and gives its JSON. @throws PlatformError */
export type GetJson = (path: string, query: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<unknown>

/** More than any list can be; a server gone wild must not fill the memory. Bytes. */
const maxResponseBytes = 128 * 1024 * 1024

/**
 * @param baseUrl `http` or `https`, with any port and path.
 * @param caPem a private certificate authority to trust besides the public ones. Certificates are always checked.
 * @param timeoutMs for one request.
 */
export function getJson(baseUrl: string, caPem: string | undefined, timeoutMs: number): GetJson {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)
  const secure = base.protocol === 'https:'
  const agent = secure
    ? new https.Agent({ keepAlive: true, ...(caPem === undefined ? {} : { ca: [...rootCertificates, caPem] }) })
    : new http.Agent({ keepAlive: true })
  return async (path, query, signal) => {
    const url = new URL(path, base)
    url.search = new URLSearchParams(query).toString()
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const { status, text } = await get(url, secure ? https.get : http.get, agent, limit)
    if (status === 401 || status === 403) throw new PlatformError('http_status', `${path}: HTTP ${status}`, true)
    if (status !== 200) throw new PlatformError('http_status', `${path}: HTTP ${status}`)
    return checkedAnswer(path, text)
  }
}

function get(
  url: URL,
  send: typeof http.get,
  agent: http.Agent,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        signal.aborted
          ? new PlatformError('timeout', `${url.pathname}: no answer in time`)
          : new PlatformError('unreachable', `${url.pathname}: ${error.message}`),
      )
    const request = send(url, { agent, signal, headers: { accept: 'application/json' } }, (answer) => {
      const chunks: Buffer[] = []
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxResponseBytes) answer.destroy(new Error('the answer is too large'))
        else chunks.push(chunk)
      })
      answer.on('error', fail)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    request.on('error', fail)
  })
}

/** The vendor's convention: JSON with a numeric `ret`, 0 for success. */
function checkedAnswer(path: string, text: string): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw new PlatformError('not_json', `${path}: the answer is not JSON`)
  }
  const { ret, msg } = (typeof answer === 'object' && answer !== null ? answer : {}) as { ret?: unknown; msg?: unknown }
  if (ret === undefined || ret === 0 || ret === '0') return answer
  const said = String(msg ?? '').slice(0, 200)
  // Which codes mean "log in" is published nowhere; the words for it are few.
  const unauthenticated = ret === 401 || ret === 403 || /token|auth|login|登录|鉴权|令牌/i.test(said)
  throw new PlatformError('refused', `${path}: ret ${ret} ${said}`, unauthenticated)
}
