import { randomUUID } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InstallationState } from './installation-state.ts'
import { type PagingStyle, readPageIndex } from './list-paging.ts'
import {
  jsonResponse,
  type ListBehaviour,
  respondWithList,
  respondWithRooms,
  type SimulatedResponse,
} from './list-responses.ts'
import { buildParticipantList, type ListFormat } from './list-shapes.ts'
import { ListSource } from './list-source.ts'

/** A list of the API: `room/list` or `room/participate/list`. */
export type ListName = 'rooms' | 'participants'

export interface ApiServerSettings {
  readonly accessKey: string
  readonly secretKey: string
  readonly format: ListFormat
  readonly paging: PagingStyle | undefined
  readonly state: InstallationState
}

/** The part of `sdkapi/v2` that logs in and lists who is online. */
export class ApiServer {
  /** Number of requests by path, such as `/sdkapi/v2/room/list`. */
  readonly requestCounts: Record<string, number> = {}
  readonly #settings: ApiServerSettings
  readonly #server: Server
  readonly #tokens = new Set<string>()
  readonly #sources: Readonly<Record<ListName, ListSource>>

  /** @param port 0 selects a free port. */
  static async listen(port: number, settings: ApiServerSettings): Promise<ApiServer> {
    const api = new ApiServer(settings)
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject)
      api.#server.listen(port, '127.0.0.1', resolve)
    })
    return api
  }

  private constructor(settings: ApiServerSettings) {
    this.#settings = settings
    this.#sources = { rooms: new ListSource(settings.state), participants: new ListSource(settings.state) }
    this.#server = createServer((request, response) => {
      response.on('error', () => {})
      const url = new URL(request.url ?? '/', 'http://localhost')
      this.requestCounts[url.pathname] = (this.requestCounts[url.pathname] ?? 0) + 1
      void send(response, this.#respond(url))
    })
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  setListBehaviour(behaviour: ListBehaviour, list: ListName): void {
    this.#sources[list].setBehaviour(behaviour)
  }

  expireTokens(): void {
    this.#tokens.clear()
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    // Requests with the behaviour `timeout` are still open.
    this.#server.closeAllConnections()
    await closed
  }

  #respond({ pathname, searchParams: query }: URL): SimulatedResponse | undefined {
    if (pathname === '/sdkapi/v2/app/get_token') return this.#logIn(query)
    const list = listsByPath[pathname]
    if (list === undefined) return { ...jsonResponse({ ret: 404, msg: 'no such interface' }), status: 404 }
    // The vendor's API reports errors with status 200 and a non-zero `ret`.
    if (!this.#tokens.has(query.get('token') ?? '')) return jsonResponse({ ret: 401, msg: 'token invalid' })
    const isFirstPage = [...query.keys()].every((name) => name === 'token' || name === 'room_id')
    const answer = this.#sources[list].takeAnswer(isFirstPage)
    if (answer !== undefined) return answer
    return list === 'rooms' ? this.#respondWithRooms(query) : this.#respondWithParticipants(query.get('room_id') ?? '')
  }

  #respondWithRooms(query: URLSearchParams): SimulatedResponse | undefined {
    const { format, paging } = this.#settings
    const { behaviour, rooms } = this.#sources.rooms
    const pageIndex = paging === undefined ? 0 : readPageIndex(paging, query)
    const response = respondWithRooms(behaviour, { format, paging, rooms, pageIndex })
    if (typeof behaviour === 'object' && 'afterPage' in behaviour) behaviour.afterPage(pageIndex)
    return response
  }

  #respondWithParticipants(room_id: string): SimulatedResponse | undefined {
    const source = this.#sources.participants
    const room = source.findRoom(room_id)
    if (!room) return jsonResponse({ ret: 1004, msg: 'room does not exist' })
    return respondWithList(source.behaviour, (isEmpty) =>
      buildParticipantList(this.#settings.format, isEmpty ? { ...room, users: [] } : room),
    )
  }

  #logIn(query: URLSearchParams): SimulatedResponse {
    const { accessKey, secretKey } = this.#settings
    if (query.get('access_key') !== accessKey || query.get('secret_key') !== secretKey) {
      return jsonResponse({ ret: 1001, msg: 'access_key or secret_key is wrong' })
    }
    const token = randomUUID()
    this.#tokens.add(token)
    return jsonResponse({ ret: 0, token })
  }
}

const listsByPath: Readonly<Record<string, ListName>> = {
  '/sdkapi/v2/room/list': 'rooms',
  '/sdkapi/v2/room/participate/list': 'participants',
}

async function send(response: ServerResponse, simulated: SimulatedResponse | undefined): Promise<void> {
  if (!simulated) return
  if (simulated.delayMs !== undefined) await sleep(simulated.delayMs, undefined, { ref: false })
  response.writeHead(simulated.status, { 'content-type': simulated.contentType })
  response.end(simulated.text)
}
