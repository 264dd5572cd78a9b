import http from 'node:http'
import https from 'node:https'
import { type Credentials, sign } from 'aws4'

/**
 * The AWS JSON protocol in one call: sign, post, read.
 *
 * The callback function makes two kinds of calls and is judged by its cold start, of which the SDK's clients are the
 * largest part; the other functions use the SDK. Signing is aws4's.
 */
export type AwsJsonClient = (target: string, input: object, signal?: AbortSignal) => Promise<unknown>

export type AwsJsonClientOptions = {
  /** The name in the signature, e.g. `sqs`. */
  readonly service: string
  readonly endpoint: URL
  readonly region: string
  readonly protocol: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1'
  readonly credentials: () => Credentials
}

/** A refusal by the service. `code`: its name of the error; `status`: of HTTP. */
export class AwsError extends Error {
  override name = 'AwsError'
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(`${code}: ${message}`)
    this.code = code
    this.status = status
  }
}

/** @throws AwsError for an answer other than 2xx; the socket's error, or AbortError, where there is none. */
export function awsJsonClient({
  service,
  endpoint,
  region,
  protocol,
  credentials,
}: AwsJsonClientOptions): AwsJsonClient {
  const { request, Agent } = endpoint.protocol === 'http:' ? http : https
  // Kept alive: the next callback finds the connection open.
  const agent = new Agent({ keepAlive: true })
  return async (target, input, signal) => {
    const body = JSON.stringify(input)
    const headers = { 'content-type': protocol, 'x-amz-target': target }
    const signed = sign(
      { service, region, host: endpoint.host, method: 'POST', path: endpoint.pathname, headers, body },
      credentials(),
    )
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const outgoing = request(endpoint, { method: 'POST', headers: signed.headers, agent, signal }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
        answer.on('error', reject)
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
    const answer = parsed(text)
    if (status >= 200 && status < 300) return answer
    throw new AwsError(codeOf(answer) ?? `HTTP ${status}`, status, messageOf(answer) ?? text.slice(0, 200))
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function codeOf(answer: unknown): string | undefined {
  const type = typeof answer === 'object' && answer !== null && '__type' in answer ? answer.__type : undefined
  return typeof type === 'string' ? type.split('#').at(-1) : undefined
}

function messageOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const message = 'message' in answer ? answer.message : 'Message' in answer ? answer.Message : undefined
  return typeof message === 'string' ? message : undefined
}
