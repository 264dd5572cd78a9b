import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

export interface ReceivedCallback {
  readonly method: string
  readonly path: string
  readonly params: Record<string, string>
}

export interface CallbackReceiver {
  readonly url: string
  readonly received: ReceivedCallback[]
  /** The events in the order of their coming, each with what it is about. */
  events(): string[]
}

/** Takes callbacks until the test ends. @param status gives the status of an answer, at once or later. */
export async function startReceiver(
  status: (params: Record<string, string>) => number | Promise<number> = () => 200,
): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    let body = ''
    for await (const chunk of request) body += chunk
    const params = Object.fromEntries(new URLSearchParams(body === '' ? url.searchParams : body))
    received.push({ method: request.method ?? '', path: url.pathname, params })
    response.writeHead(await status(params))
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
  const summary = ({ params }: ReceivedCallback) =>
    [params.event, params.room_id ?? params.box_code, params.user_id].filter((part) => part !== undefined).join(' ')
  return { url: `http://127.0.0.1:${port}/base`, received, events: () => received.map(summary) }
}
