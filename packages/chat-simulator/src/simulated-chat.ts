import { randomUUID } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { RobotReply, RobotSettings } from './robot-rules.ts'
import { type ReceivedMessage, rulesOf, type ServiceName, SimulatedRobot } from './simulated-robot.ts'

export interface SimulatedChatOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** PEM. Default: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** ms since 1970. Default `Date.now`. */
  readonly clock?: () => number
  /** Called for each message that reaches a group. */
  readonly onMessage?: (message: ReceivedMessage) => void
}

const serviceNames = ['wecom', 'dingtalk', 'feishu'] as const satisfies readonly ServiceName[]
const firewallPage = '<!doctype html><html><head><title>403</title></head><body>访问被拦截</body></html>'

/** The three chat services on one address: robots are told apart by their paths and tokens. */
export class SimulatedChat {
  readonly robots: SimulatedRobot[] = []
  /** Number of requests, whatever became of them. */
  requestCount = 0
  readonly #options: SimulatedChatOptions
  readonly #server: http.Server | https.Server

  /** Use `startSimulatedChat` instead. */
  constructor(options: SimulatedChatOptions) {
    this.#options = options
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      // A client that gives up breaks the body off.
      this.#handle(request, response).catch(() => response.destroy())
    }
    this.#server = options.tls === undefined ? http.createServer(listener) : https.createServer(options.tls, listener)
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#options.port ?? 0, '127.0.0.1', resolve)
    })
    return this
  }

  /** Host and port, as they stand in the addresses of the robots. */
  get host(): string {
    const { port } = this.#server.address() as AddressInfo
    return `127.0.0.1:${port}`
  }

  addRobot(service: ServiceName, settings: RobotSettings = {}): SimulatedRobot {
    const baseUrl = `${this.#options.tls === undefined ? 'http' : 'https'}://${this.host}`
    const robot = new SimulatedRobot(service, randomUUID(), baseUrl, settings)
    this.robots.push(robot)
    return robot
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    // Requests that hang are still open.
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requestCount++
    response.on('error', () => {})
    const url = new URL(request.url ?? '/', 'http://localhost')
    const content = await readBody(request)
    const service = serviceNames.find((name) => rulesOf[name].tokenOf(url) !== undefined)
    if (service === undefined || request.method !== 'POST') return sendText(response, 404, 'text/plain', 'not found')
    const token = rulesOf[service].tokenOf(url)
    const robot = this.robots.find((candidate) => candidate.service === service && candidate.token === token)
    if (robot === undefined) return sendReply(response, rulesOf[service].unknownToken)
    if (sendFault(response, robot)) return
    const count = robot.messages.length
    const reply = robot.receive({
      query: url.searchParams,
      content,
      body: parseObject(content),
      contentType: request.headers['content-type'] ?? '',
      address: request.socket.remoteAddress ?? '',
      now: (this.#options.clock ?? Date.now)(),
    })
    for (const message of robot.messages.slice(count)) this.#options.onMessage?.(message)
    sendReply(response, reply)
  }
}

/** Starts the services on 127.0.0.1, without robots. */
export function startSimulatedChat(options: SimulatedChatOptions = {}): Promise<SimulatedChat> {
  return new SimulatedChat(options).listen()
}

/** @returns whether the request is done with. */
function sendFault(response: ServerResponse, { fault }: SimulatedRobot): boolean {
  switch (fault) {
    case 'hanging':
      return true
    case 'reset':
      response.socket?.resetAndDestroy()
      return true
    case 'http_500':
      sendText(response, 500, 'text/html', '<html>Internal Server Error</html>')
      return true
    case 'redirect':
      response.writeHead(302, { location: 'https://login.example.com/' }).end()
      return true
    case 'firewall_page':
      sendText(response, 200, 'text/html; charset=utf-8', firewallPage)
      return true
    case 'address_banned':
      sendReply(response, { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: randomUUID() })
      return true
    case 'too_large':
      sendText(response, 200, 'application/json', `{"padding":"${'x'.repeat(1024 * 1024)}","errcode":0,"code":0}`)
      return true
    default:
      return false
  }
}

function sendReply(response: ServerResponse, reply: RobotReply): void {
  sendText(response, 200, 'application/json; charset=utf-8', JSON.stringify(reply))
}

function sendText(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function parseObject(content: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
