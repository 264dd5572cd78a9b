import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

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

export async function startDistribution(): Promise<Distribution> {
  let origin: Origin | undefined
  const server = createServer((incoming, outgoing) => {
    if (origin === undefined) refuse(outgoing, 503)
    // As CloudFront does; what it would forward may differ from what is meant.
    else if (incoming.method === 'GET' && hasBody(incoming)) refuse(outgoing, 403)
    else forward(incoming, outgoing, origin)
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

function forward(incoming: IncomingMessage, outgoing: ServerResponse, origin: Origin): void {
  const [path = '/', ...query] = (incoming.url ?? '/').split('?')
  const search = origin.forwardsQuery && query.length > 0 ? `?${query.join('?')}` : ''
  const url = `http://${origin.host}${origin.path}${path}${search}`
  const onward = request(url, { method: incoming.method, headers: headersFor(incoming, origin) }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : refuse(outgoing, 502)))
  incoming.pipe(onward)
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
