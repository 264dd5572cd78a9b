import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { readRoute } from '../../src/gateway/routes.ts'
import { Gateway } from '../../src/gateway/server.ts'

/** What a function was invoked with: method, path and body. */
export type Invocation = readonly [method: string, path: string, body: string]

interface GatewayEvent {
  readonly rawPath: string
  readonly body?: string
  readonly requestContext: { readonly http: { readonly method: string } }
}

export interface RawGateway {
  readonly lines: string[]
  /** Sends the bytes of a text in Latin-1 on a connection, ends it, and waits until the gateway closes it. */
  send(text: string): Promise<RawResponse>
}

export interface RawResponse {
  readonly statuses: readonly number[]
  readonly invocations: readonly Invocation[]
}

/** Runs a gateway whose only function responds with 200, until the test ends. */
export async function startRawGateway(): Promise<RawGateway> {
  const lines: string[] = []
  let invocations: Invocation[] = []
  const gateway = await Gateway.listen(0, (line) => lines.push(line))
  onTestFinished(() => gateway.close(0))
  const invoke = async (event: object) => {
    const { rawPath, body = '', requestContext } = event as GatewayEvent
    invocations.push([requestContext.http.method, rawPath, Buffer.from(body, 'base64').toString('latin1')])
    return { kind: 'returned' as const, payload: '{"statusCode":200}' }
  }
  const target = { refusal: undefined, timeoutMs: 1_000, throttle: undefined, invoke }
  gateway.serve({ apiId: 'api', accountId: '000000000000', routes: [readRoute('$default', target)] })
  return {
    lines,
    async send(text) {
      invocations = []
      const received = await exchange(gateway.port, text)
      return {
        statuses: Array.from(received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm), ([, code]) => Number(code)),
        invocations,
      }
    },
  }
}

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text, 'latin1'))
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      received += chunk
    })
    // The gateway may close the connection before it has read everything.
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
  })
}
