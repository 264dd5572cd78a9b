import { Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { GatewayRequest } from '../api-gateway.ts'

/** Sends requests on kept connections. The body of a response that is not text is base64. */
export type Sender = {
  (request: GatewayRequest): Promise<APIGatewayProxyStructuredResultV2 & { readonly statusCode: number }>
  close(): void
}

/** The client frames the request itself. */
const framing = ['content-length', 'transfer-encoding', 'expect', 'te']

export function createSender(url: string): Sender {
  const agent = new Agent({ keepAlive: true })
  const send = async ({
    method = 'GET',
    path = '/room_event_history',
    query = '',
    headers = {},
    body,
  }: GatewayRequest) => {
    const sent = request(url, {
      agent,
      method: method === '' ? 'GET' : method,
      path: encodeTarget(`${path}${query === '' ? '' : `?${query}`}`),
      headers: Object.fromEntries(Object.entries(headers).flatMap(toHeader)),
    })
    const answered = new Promise<Buffer>((resolve, reject) => {
      sent.on('error', reject)
      sent.on('response', (response) => {
        result.statusCode = response.statusCode ?? 0
        result.headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
        )
        buffer(response).then(resolve, reject)
      })
    })
    const result: APIGatewayProxyStructuredResultV2 & { statusCode: number } = { statusCode: 0 }
    sent.end(body)
    const received = await answered
    const isText = !String(result.headers?.['content-type']).includes('spreadsheetml')
    return { ...result, body: received.toString(isText ? 'utf8' : 'base64') }
  }
  return Object.assign(send, { close: () => agent.destroy() })
}

/** Encodes only what a request target cannot contain. */
function encodeTarget(target: string): string {
  return target.toWellFormed().replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char))
}

function toHeader([name, value]: readonly [string, string]): [string, string][] {
  return framing.includes(name) ? [] : [[name, value.replace(/[^\x20-\x7e]/g, '')]]
}
