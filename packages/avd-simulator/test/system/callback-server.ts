import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

export interface ReceivedCallback {
  readonly method: string
  readonly path: string
  readonly params: Record<string, string>
}

export interface CallbackServer {
  readonly url: string
  /** In order of arrival. */
  readonly received: ReceivedCallback[]
  /** Summaries such as `join 7 1` (event, room or media server, user), in order of arrival. */
  events(): string[]
}

/** Receives callbacks until the test ends. @param respond returns the status of the response. */
export async function startCallbackServer(
  respond: (params: Record<string, string>) => number | Promise<number> = () => 200,
): Promise<CallbackServer> {
  const received: ReceivedCallback[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    let body = ''
    for await (const chunk of request) body += chunk
    const params = Object.fromEntries(new URLSearchParams(body === '' ? url.searchParams : body))
    received.push({ method: request.method ?? '', path: url.pathname, params })
    response.writeHead(await respond(params))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const summarize = ({ params }: ReceivedCallback) =>
    [params.event, params.room_id ?? params.box_code, params.user_id].filter((part) => part !== undefined).join(' ')
  return { url: `http://127.0.0.1:${port}/base`, received, events: () => received.map(summarize) }
}
