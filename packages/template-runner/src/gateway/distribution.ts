import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from './read-body.ts'

export interface Origin {
  /** Host and port. */
  readonly host: string
  /** Stands before each path that is asked for. */
  readonly path: string
  /** Sent with each request, whatever the caller sent by that name. */
  readonly headers: Readonly<Record<string, string>>
  /** Of the caller's headers, those that are handed on; in lower case. */
  readonly forwarded: readonly string[]
  readonly forwardsQuery: boolean
}

/** The HTTP server that plays a CloudFront distribution which keeps nothing; it answers 503 until `serve` says for whom. */
export interface Distribution {
  readonly host: string
  serve(origin: Origin): void
  close(): void
}

/** Bytes that CloudFront takes. */
const largestBody = 20 * 1024 * 1024

export async function startDistribution(): Promise<Distribution> {
  let origin: Origin | undefined
  const server = createServer((incoming, outgoing) => {
    if (origin === undefined) refuse(outgoing, 503)
    // As CloudFront does; what it would forward may differ from what is meant.
    else if (incoming.method === 'GET' && hasBody(incoming)) refuse(outgoing, 403)
    else forward(incoming, outgoing, origin).catch(() => outgoing.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    serve(behind) {
      origin = behind
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, origin: Origin): Promise<void> {
  const body = await readBody(incoming, largestBody)
  if (body === undefined) return refuse(outgoing, 413)
  const [path = '/', ...query] = (incoming.url ?? '/').split('?')
  const search = origin.forwardsQuery && query.length > 0 ? `?${query.join('?')}` : ''
  const [host, port] = origin.host.split(':')
  // The path as it came: an address would have its dots resolved.
  const target = { host, port, path: `${origin.path}${path}${search}`, method: incoming.method }
  const onward = request({ ...target, headers: headersFor(incoming, origin) }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : refuse(outgoing, 502)))
  onward.end(body)
}

function headersFor({ headers, socket }: IncomingMessage, origin: Origin): OutgoingHttpHeaders {
  const viewer = socket.remoteAddress ?? ''
  const known: Readonly<Record<string, string | string[] | undefined>> = {
    ...headers,
    'cloudfront-viewer-address': `${viewer}:${socket.remotePort}`,
  }
  const always = { 'content-length': headers['content-length'], 'transfer-encoding': headers['transfer-encoding'] }
  const handedOn = Object.entries({
    ...Object.fromEntries(origin.forwarded.map((name) => [name, known[name]])),
    ...always,
    'user-agent': 'Amazon CloudFront',
    'x-amz-cf-id': randomBytes(16).toString('base64url'),
    'x-forwarded-for': [headers['x-forwarded-for'], viewer].filter(Boolean).join(', '),
    ...origin.headers,
  })
  return Object.fromEntries(handedOn.filter(([, value]) => value !== undefined))
}

function hasBody({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined
}

function refuse(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain' })
  outgoing.end()
}
