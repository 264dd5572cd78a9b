import { randomUUID } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AnswerShape, participantListAnswer } from './answer-shapes.ts'
import { type ApiAnswer, answerList, answerRooms, json, type ListAnswer } from './list-answers.ts'
import type { World } from './world.ts'

/** Whose answers to spoil. */
export type ListName = 'rooms' | 'participants'

export interface ApiSettings {
  readonly accessKey: string
  readonly secretKey: string
  readonly shape: AnswerShape
  readonly world: World
}

/** The part of `sdkapi/v2` that tells who is online. */
export class ApiServer {
  /** How often each path was asked, like `/sdkapi/v2/room/list`. */
  readonly requests: Record<string, number> = {}
  readonly #settings: ApiSettings
  readonly #server: Server
  readonly #tokens = new Set<string>()
  readonly #how: Record<ListName, ListAnswer> = { rooms: 'ok', participants: 'ok' }

  /** @param port 0: any free one. */
  static async listen(port: number, settings: ApiSettings): Promise<ApiServer> {
    const api = new ApiServer(settings)
    await new Promise<void>((listening, fail) => {
      api.#server.once('error', fail)
      api.#server.listen(port, '127.0.0.1', listening)
    })
    return api
  }

  private constructor(settings: ApiSettings) {
    this.#settings = settings
    this.#server = createServer((request, response) => {
      response.on('error', () => {})
      const url = new URL(request.url ?? '/', 'http://localhost')
      this.requests[url.pathname] = (this.requests[url.pathname] ?? 0) + 1
      void send(response, this.#answer(url))
    })
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  answerWith(how: ListAnswer, list: ListName): void {
    this.#how[list] = how
  }

  expireTokens(): void {
    this.#tokens.clear()
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    // Among them those that were never to be answered.
    this.#server.closeAllConnections()
    await closed
  }

  #answer({ pathname, searchParams: query }: URL): ApiAnswer | undefined {
    const { shape, world } = this.#settings
    if (pathname === '/sdkapi/v2/app/get_token') return this.#logIn(query)
    const list = lists[pathname]
    if (list === undefined) return { ...json({ ret: 404, msg: 'no such interface' }), status: 404 }
    // Status 200, as the vendor's API tells everything that is wrong.
    if (!this.#tokens.has(query.get('token') ?? '')) return json({ ret: 401, msg: 'token invalid' })
    if (list === 'rooms') return answerRooms(this.#how.rooms, shape, world.rooms, Number(query.get('page') ?? 1))
    const room = world.room(query.get('room_id') ?? '')
    if (!room) return json({ ret: 1004, msg: 'room does not exist' })
    return answerList(this.#how.participants, (nothing) =>
      participantListAnswer(nothing ? { ...room, users: [] } : room),
    )
  }

  #logIn(query: URLSearchParams): ApiAnswer {
    const { accessKey, secretKey } = this.#settings
    if (query.get('access_key') !== accessKey || query.get('secret_key') !== secretKey) {
      return json({ ret: 1001, msg: 'access_key or secret_key is wrong' })
    }
    const token = randomUUID()
    this.#tokens.add(token)
    return json({ ret: 0, token })
  }
}

const lists: Readonly<Record<string, ListName>> = {
  '/sdkapi/v2/room/list': 'rooms',
  '/sdkapi/v2/room/participate/list': 'participants',
}

async function send(response: ServerResponse, answer: ApiAnswer | undefined): Promise<void> {
  if (!answer) return
  if (answer.delayMs !== undefined) await sleep(answer.delayMs, undefined, { ref: false })
  response.writeHead(answer.status, { 'content-type': answer.contentType })
  response.end(answer.text)
}
