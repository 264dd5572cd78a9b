import http from 'node:http'
import https from 'node:https'
import { type Credentials, sign } from 'aws4'
import { parseJson } from '../../core/protocol/parse-json.ts'

/**
 * Calls an AWS service with its JSON protocol: signs, posts, and parses the response.
 *
 * The receiver uses it for its two kinds of calls, because loading the SDK's clients would be the largest part of its
 * cold start (docs/decisions/0003). The other functions use the SDK.
 *
 * @param target e.g. `AmazonSQS.SendMessage`.
 * @returns the parsed response; undefined if it is not JSON.
 * @throws AwsError for a response other than 2xx; the socket's error or AbortError if there is no response.
 */
export type AwsJsonClient = (target: string, input: object, signal?: AbortSignal) => Promise<unknown>

export type AwsJsonClientOptions = {
  /** The service name in the signature, e.g. `sqs`. */
  readonly service: string
  readonly endpoint: URL
  readonly region: string
  readonly protocol: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1'
  readonly credentials: () => Credentials
}

/** An error response of the service, with its error code and the HTTP status. */
export class AwsError extends Error {
  override name = 'AwsError'
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(`${code}: ${message}`)
    this.code = code
    this.status = status
  }

  /** Whether the same request may succeed later. Services have different codes for requests that are throttled or late. */
  get isRetryable(): boolean {
    return this.status >= 500 || this.status === 429 || /throttl|toomanyrequests|requesttimeout/i.test(this.code)
  }
}

export function awsJsonClient({
  service,
  endpoint,
  region,
  protocol,
  credentials,
}: AwsJsonClientOptions): AwsJsonClient {
  const { request, Agent } = endpoint.protocol === 'http:' ? http : https
  // Connections are kept alive, so that the next call does not have to open one.
  const agent = new Agent({ keepAlive: true })
  return async (target, input, signal) => {
    const body = JSON.stringify(input)
    const headers = { 'content-type': protocol, 'x-amz-target': target }
    const signed = sign(
      { service, region, host: endpoint.host, method: 'POST', path: endpoint.pathname, headers, body },
      credentials(),
    )
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const outgoing = request(endpoint, { method: 'POST', headers: signed.headers, agent, signal }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
        response.on('error', fail)
      })
      const fail = (error: Error) => {
        closeIdleConnections(agent)
        reject(error)
      }
      outgoing.on('error', fail)
      outgoing.end(body)
    })
    const output = parseJson(text)
    if (status >= 200 && status < 300) return output
    throw new AwsError(codeOf(output) ?? `HTTP ${status}`, status, messageOf(output) ?? text.slice(0, 200))
  }
}

/**
 * After a freeze, all idle connections may have been closed by the service. When one fails, the others are not tried: the
 * next request opens a new connection.
 */
function closeIdleConnections({ freeSockets }: http.Agent): void {
  for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}

/** `__type` is the code, with or without a namespace: `com.amazonaws.sqs#QueueDoesNotExist`. */
function codeOf(output: unknown): string | undefined {
  const type = typeof output === 'object' && output !== null && '__type' in output ? output.__type : undefined
  return typeof type === 'string' ? type.split('#').at(-1) : undefined
}

function messageOf(output: unknown): string | undefined {
  if (typeof output !== 'object' || output === null) return undefined
  const message = 'message' in output ? output.message : 'Message' in output ? output.Message : undefined
  return typeof message === 'string' ? message : undefined
}
