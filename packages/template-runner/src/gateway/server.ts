import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { InvocationResult } from '../functions/messages.ts'
import { StartupError } from '../startup-error.ts'
import { type HttpRequest, httpApiEvent } from './event.ts'
import { largestBody, readBody } from './read-body.ts'
import { gatewayError, type HttpResponse, httpApiResponse } from './response.ts'
import { findRoute, type Route } from './routes.ts'
import type { TokenBucket } from './token-bucket.ts'

/** What answers a route. */
export interface Integration {
  /** Why API Gateway may not call the function, where it may not. */
  readonly refusal: string | undefined
  readonly timeoutMs: number
  /** Where there is one, what it turns away gets 429. */
  readonly throttle: TokenBucket | undefined
  invoke(event: object): Promise<InvocationResult>
}

export interface HttpApi {
  readonly apiId: string
  readonly accountId: string
  readonly routes: readonly Route<Integration>[]
}

/** What API Gateway takes: a request line and headers of this many bytes. */
const largestHead = 10_240
const acceptedHead = 2 * 1024 * 1024

/** The HTTP server that plays API Gateway; it answers 503 until `serve` says what to serve. */
export class Gateway {
  readonly #server: Server
  readonly #log: (line: string) => void
  #api: HttpApi | undefined
  #stopping = false
  #running = 0
  /** Hears of each answer: its status, and how long it took. */
  onAnswer: (status: number, milliseconds: number) => void = () => {}

  /** @throws StartupError where the port is taken. */
  static async listen(port: number, log: (line: string) => void): Promise<Gateway> {
    const gateway = new Gateway(log)
    await new Promise<void>((listening, fail) => {
      gateway.#server.once('error', (error: NodeJS.ErrnoException) =>
        fail(
          new StartupError(
            error.code === 'EADDRINUSE'
              ? `port ${port} is in use on 127.0.0.1: choose another with --port`
              : `cannot listen on port ${port}: ${error.message}`,
          ),
        ),
      )
      gateway.#server.listen(port, '127.0.0.1', listening)
    })
    return gateway
  }

  private constructor(log: (line: string) => void) {
    this.#log = log
    this.#server = createServer({ maxHeaderSize: acceptedHead, requestTimeout: 60_000 }, (request, response) => {
      this.#running += 1
      const began = performance.now()
      response.on('close', () => {
        this.#running -= 1
        this.onAnswer(response.statusCode, performance.now() - began)
      })
      response.on('error', () => {})
      request.on('error', () => {})
      this.#answer(request)
        .catch((error: unknown) => {
          log(`API: ${error instanceof Error ? error.message : String(error)}`)
          return gatewayError(500, 'Internal Server Error')
        })
        .then((answer) => this.#send(request, response, answer))
    })
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
      else socket.destroy()
    })
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo
    return address.port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Requests that are not answered yet. */
  get busy(): number {
    return this.#running
  }

  serve(api: HttpApi): void {
    this.#api = api
  }

  /** Takes no new requests and gives the running ones this long. */
  async close(graceMilliseconds: number): Promise<void> {
    this.#stopping = true
    const late = setTimeout(() => this.#server.closeAllConnections(), graceMilliseconds)
    await new Promise((closed) => this.#server.close(closed))
    clearTimeout(late)
  }

  async #answer(request: IncomingMessage): Promise<HttpResponse> {
    const api = this.#api
    if (!api || this.#stopping) return gatewayError(503, 'Service Unavailable')
    this.#warnOfLongHead(request)
    const target = splitTarget(request.url ?? '')
    if (!target) return gatewayError(400, 'Bad Request')
    const method = request.method ?? 'GET'
    const match = findRoute(api.routes, method, target.path)
    if (!match) return gatewayError(404, 'Not Found')
    if (match.route.target.throttle?.take() === false) return gatewayError(429, 'Too Many Requests')
    const body = await readBody(request, largestBody)
    if (!body) return gatewayError(413, 'Request Entity Too Large')
    const integration = match.route.target
    if (integration.refusal !== undefined) {
      this.#log(`API: ${match.route.key}: ${integration.refusal}`)
      return gatewayError(500, 'Internal Server Error')
    }
    const sourceIp = (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
    const { rawHeaders, httpVersion } = request
    const event = httpApiEvent({ method, ...target, httpVersion, rawHeaders, body, sourceIp } satisfies HttpRequest, {
      ...api,
      requestId: randomUUID(),
      routeKey: match.route.key,
      pathParameters: match.pathParameters,
      now: Date.now(),
      port: this.port,
    })
    return withinTime(integration, event)
  }

  #warnOfLongHead({ method = '', url = '', rawHeaders }: IncomingMessage): void {
    const pairs = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
    const size = method.length + url.length + ' HTTP/1.1\r\n'.length + 1 + pairs
    if (size > largestHead) {
      this.#log(`API: a request line and headers of ${size} bytes: API Gateway would refuse more than ${largestHead}`)
    }
  }

  #send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpResponse): void {
    if (this.#stopping || !request.complete) response.shouldKeepAlive = false
    const pairs = [
      ...headers,
      ['content-length', String(body.length)] as const,
      ['apigw-requestid', randomUUID()] as const,
    ]
    try {
      response.writeHead(status, pairs.flat())
    } catch (error) {
      // A function may return a header that HTTP does not allow.
      this.#log(`API: ${error instanceof Error ? error.message : String(error)}`)
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end('{"message":"Internal Server Error"}')
      return
    }
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

async function withinTime(integration: Integration, event: object): Promise<HttpResponse> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), integration.timeoutMs)
  const outcome = await Promise.race([integration.invoke(event), late])
  clearTimeout(timer)
  if (!outcome) return gatewayError(503, 'Service Unavailable')
  const response = outcome.kind === 'returned' ? httpApiResponse(outcome.payload) : undefined
  return response ?? gatewayError(500, 'Internal Server Error')
}

/** HTTP APIs decode the path, and take a decoded `?` for the end of it. */
function splitTarget(url: string): { path: string; rawQuery: string } | undefined {
  const [encoded = '', ...query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?')
  try {
    const path = decodeURIComponent(encoded).split('?', 1)[0] ?? ''
    return path.startsWith('/') ? { path, rawQuery: query.join('?') } : undefined
  } catch {
    return undefined
  }
}
