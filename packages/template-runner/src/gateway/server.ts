import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { PortInUseError, StartupError } from '../startup-error.ts'
import { httpApiEvent } from './event.ts'
import { type HttpApi, invokeIntegration } from './http-api.ts'
import { maxApiBodyBytes, readBody } from './read-body.ts'
import { splitRequestTarget } from './request-target.ts'
import { gatewayError, type HttpResponse } from './response.ts'
import { findRoute } from './routes.ts'

/** API Gateway's limit for the request line and headers. Exceeding it only logs a warning. */
const maxHeaderBytes = 10_240
/** Node's limit for the same: beyond it the request gets a 431. */
const maxAcceptedHeaderBytes = 2 * 1024 * 1024

/** An HTTP server that emulates API Gateway. It responds with 503 until `serve` is called. */
export class Gateway {
  readonly #server: Server
  readonly #log: (line: string) => void
  #api: HttpApi | undefined
  #stopping = false
  #activeRequests = 0
  /** Called after each response. */
  onResponse: (status: number, durationMs: number) => void = () => {}

  /** @throws PortInUseError or another StartupError if it cannot listen on the port. */
  static async listen(port: number, log: (line: string) => void): Promise<Gateway> {
    const gateway = new Gateway(log)
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', (error: NodeJS.ErrnoException) => {
        const inUse = error.code === 'EADDRINUSE'
        reject(inUse ? new PortInUseError(port) : new StartupError(`cannot listen on port ${port}: ${error.message}`))
      })
      gateway.#server.listen(port, '127.0.0.1', resolve)
    })
    return gateway
  }

  private constructor(log: (line: string) => void) {
    this.#log = log
    const options = { maxHeaderSize: maxAcceptedHeaderBytes, requestTimeout: 60_000 }
    this.#server = createServer(options, (request, response) => this.#onRequest(request, response))
    this.#server.on('clientError', rejectMalformedRequest)
    // Without a listener, Node closes the connection without a response.
    this.#server.on('connect', (_request, socket) => respondAndClose(socket, '400 Bad Request'))
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo
    return address.port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The number of requests without a complete response. */
  get activeRequests(): number {
    return this.#activeRequests
  }

  serve(api: HttpApi): void {
    this.#api = api
  }

  /** Accepts no new requests, and closes the connections that are still open after the grace period. */
  async close(gracePeriodMs: number): Promise<void> {
    this.#stopping = true
    const timer = setTimeout(() => this.#server.closeAllConnections(), gracePeriodMs)
    await new Promise((resolve) => this.#server.close(resolve))
    clearTimeout(timer)
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#activeRequests += 1
    const startedAt = performance.now()
    response.on('close', () => {
      this.#activeRequests -= 1
      this.onResponse(response.statusCode, performance.now() - startedAt)
    })
    response.on('error', () => {})
    request.on('error', () => {})
    this.#handle(request)
      .catch((error: unknown) => {
        // A connection that ends within a request is the client's failure.
        if (request.complete) this.#log(`API: ${error instanceof Error ? error.message : String(error)}`)
        return gatewayError(500, 'Internal Server Error')
      })
      .then((result) => this.#send(request, response, result))
  }

  async #handle(request: IncomingMessage): Promise<HttpResponse> {
    const api = this.#api
    if (!api || this.#stopping) return gatewayError(503, 'Service Unavailable')
    this.#warnOfLargeHeaders(request)
    const requestTarget = isWellFormed(request) ? splitRequestTarget(request.url ?? '') : undefined
    if (!requestTarget) return gatewayError(400, 'Bad Request')
    const { method = 'GET', rawHeaders, httpVersion } = request
    const match = findRoute(api.routes, method, requestTarget.path)
    if (!match) return gatewayError(404, 'Not Found')
    const { key: routeKey, target: integration } = match.route
    if (integration.throttle?.take() === false) return gatewayError(429, 'Too Many Requests')
    const body = await readBody(request, maxApiBodyBytes)
    if (!body) return gatewayError(413, 'Request Entity Too Large')
    if (integration.refusal !== undefined) {
      this.#log(`API: ${routeKey}: ${integration.refusal}`)
      return gatewayError(500, 'Internal Server Error')
    }
    const sourceIp = (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
    const event = httpApiEvent(
      { method, ...requestTarget, httpVersion, rawHeaders, body, sourceIp },
      {
        ...api,
        requestId: randomUUID(),
        routeKey,
        pathParameters: match.pathParameters,
        now: Date.now(),
        port: this.port,
      },
    )
    return invokeIntegration(integration, event)
  }

  #warnOfLargeHeaders({ method = '', url = '', rawHeaders }: IncomingMessage): void {
    const requestLine = `${method} ${url} HTTP/1.1\r\n`
    // Each name and each value is followed by two characters: ": " or a line break.
    const size = rawHeaders.reduce((sum, text) => sum + text.length + 2, requestLine.length)
    if (size <= maxHeaderBytes) return
    this.#log(`API: a request line and headers of ${size} bytes: API Gateway would refuse more than ${maxHeaderBytes}`)
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
      // The function returned a header that HTTP does not allow.
      this.#log(`API: ${error instanceof Error ? error.message : String(error)}`)
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end('{"message":"Internal Server Error"}')
      return
    }
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

/** Node's parser also accepts HTTP/0.9, and more than one Host header, which must get a 400 (RFC 9112, section 3.2). */
function isWellFormed({ httpVersion, headersDistinct: { host = [] } }: IncomingMessage): boolean {
  return host.length <= 1 && ['1.0', '1.1'].includes(httpVersion)
}

function rejectMalformedRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  respondAndClose(socket, status)
}

function respondAndClose(socket: Duplex, status: string): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
  else socket.destroy()
}
