import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from './read-body.ts'

export interface Origin {
  /** Host and port. */
  readonly host: string
  /** Prepended to each request path. */
  readonly path: string
  /** Sent with each request; they replace the viewer's headers of the same name. */
  readonly headers: Readonly<Record<string, string>>
  /** Names of the viewer's headers that are forwarded; in lower case. */
  readonly forwardedHeaders: readonly string[]
  readonly forwardsQuery: boolean
}

/** An HTTP server that emulates a CloudFront distribution without caching. It responds with 503 until `serve` is called. */
export interface Distribution {
  readonly host: string
  serve(origin: Origin): void
  close(): void
}

/** CloudFront's limit for a request body. */
const maxBodyBytes = 20 * 1024 * 1024

export async function startDistribution(): Promise<Distribution> {
  let origin: Origin | undefined
  const server = createServer((incoming, outgoing) => {
    if (origin === undefined) reject(outgoing, 503)
    // CloudFront rejects a GET request with a body.
    else if (incoming.method === 'GET' && hasBody(incoming)) reject(outgoing, 403)
    else forward(incoming, outgoing, origin).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    serve(newOrigin) {
      origin = newOrigin
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, origin: Origin): Promise<void> {
  const body = await readBody(incoming, maxBodyBytes)
  if (body === undefined) return reject(outgoing, 413)
  const [path = '/', ...query] = (incoming.url ?? '/').split('?')
  const search = origin.forwardsQuery && query.length > 0 ? `?${query.join('?')}` : ''
  const [host, port] = origin.host.split(':')
  // The path is passed unchanged: a URL object would resolve its dot segments.
  const target = { host, port, path: `${origin.path}${path}${search}`, method: incoming.method }
  const originRequest = request({ ...target, headers: originHeaders(incoming, origin) }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers)
    response.pipe(outgoing)
  })
  originRequest.on('error', () => (outgoing.headersSent ? outgoing.destroy() : reject(outgoing, 502)))
  originRequest.end(body)
}

function originHeaders({ headers, socket }: IncomingMessage, origin: Origin): OutgoingHttpHeaders {
  const viewer = socket.remoteAddress ?? ''
  const available: Readonly<Record<string, string | string[] | undefined>> = {
    ...headers,
    'cloudfront-viewer-address': `${viewer}:${socket.remotePort}`,
  }
  const always = { 'content-length': headers['content-length'], 'transfer-encoding': headers['transfer-encoding'] }
  const sent = Object.entries({
    ...Object.fromEntries(origin.forwardedHeaders.map((name) => [name, available[name]])),
    ...always,
    'user-agent': 'Amazon CloudFront',
    'x-amz-cf-id': randomBytes(16).toString('base64url'),
    'x-forwarded-for': [headers['x-forwarded-for'], viewer].filter(Boolean).join(', '),
    ...origin.headers,
  })
  return Object.fromEntries(sent.filter(([, value]) => value !== undefined))
}

function hasBody({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined
}

function reject(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain' })
  outgoing.end()
}
