import http from 'node:http'
import https from 'node:https'
import { ExplainedError } from '../../core/ports/explained-error.ts'
import { isTlsError, nameNetworkError } from '../network-errors.ts'

/** A response that arrived completely. `fields` is empty if the body is not a JSON object. */
export type ServiceResponse = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly fields: Readonly<Record<string, unknown>>
}

/** No response. The texts contain no part of the URL, the body or the response. */
export class PostError extends ExplainedError {
  override name = 'PostError'
}

/** A response of a robot has about a hundred bytes. */
const maxResponseBytes = 64 * 1024

const noResponse = { english: 'no response in time', chinese: '未及时响应' }
const tooLarge = { english: 'the response is too large', chinese: '响应过大' }
const closed = { english: 'the connection was closed', chinese: '连接已关闭' }

/**
 * Posts JSON. A redirect is not followed: it is returned as the response.
 *
 * Each request has its own connection: messages are seconds apart, and a kept connection would not survive the freezes
 * of a Lambda environment.
 *
 * @throws PostError
 */
export async function postJson(url: URL, body: unknown, signal: AbortSignal): Promise<ServiceResponse> {
  const payload = Buffer.from(JSON.stringify(body))
  const { status, headers, content } = await post(url, payload, signal)
  return { status, headers, fields: parseObject(content) }
}

type Received = Omit<ServiceResponse, 'fields'> & { readonly content: string }

function post(url: URL, payload: Buffer, signal: AbortSignal): Promise<Received> {
  const { request: open } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? new PostError(noResponse) : toPostError(error))
    if (signal.aborted) return fail(new Error())
    const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': payload.length }
    const request = open(url, { method: 'POST', agent: false, signal, headers }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxResponseBytes) response.destroy(new PostError(tooLarge))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          content: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    request.on('error', fail)
    // Without an error, the connection also ends after a response 101. This has no effect after a complete response.
    request.on('close', () => fail(new PostError(closed)))
    request.end(payload)
  })
}

/** The message of a network error can contain the host, so only its code is used. */
function toPostError(error: Error & { readonly code?: unknown }): PostError {
  if (error instanceof PostError) return error
  const { code } = error
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(code))
    return new PostError({ english: 'network error', chinese: '网络错误' })
  return new PostError({
    english: isTlsError(code) ? `TLS error ${code}` : `network error ${code}`,
    chinese: `${nameNetworkError(code)}（${code}）`,
  })
}

function parseObject(content: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(content.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
