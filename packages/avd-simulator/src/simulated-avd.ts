import { ApiServer, type ListName } from './api-server.ts'
import { type CallbackCounts, CallbackSender, type DropRule } from './callback-sender.ts'
import { InstallationState } from './installation-state.ts'
import type { PagingStyle } from './list-paging.ts'
import type { ListBehaviour } from './list-responses.ts'
import type { ListShape } from './list-shapes.ts'
import { SeededRandom } from './seeded-random.ts'
import { SimulatedPlatform } from './simulated-platform.ts'

export interface SimulatedAvdOptions {
  /** Port of the API. Default 0: any free port. */
  readonly port?: number
  /** Callbacks go to `feedback` below this URL. It can be set later. */
  readonly callbackUrl?: string | undefined
  /** Default null: callbacks are not signed. */
  readonly checkCodeKey?: string | null
  /** HTTP method of the callbacks. Default `GET`. */
  readonly method?: 'GET' | 'POST'
  readonly accessKey: string
  readonly secretKey: string
  /** JSON structure of the room list. Default `data.list`. */
  readonly shape?: ListShape
  /** How the room list is paged, with 50 rooms on a page. Default: all rooms on one page. */
  readonly paging?: PagingStyle
  /** Whether the lists contain ids that are whole numbers as numbers, with all their digits. Default false. */
  readonly numericIds?: boolean
  /** Seeds the choice of dropped callbacks if the drop rule is a share. Default 1. */
  readonly seed?: number
}

/** A 3TEE AVD installation: a platform and its API. It starts without rooms. */
export class SimulatedAvd extends SimulatedPlatform {
  readonly #sender: CallbackSender
  readonly #api: ApiServer

  /** Use `startSimulatedAvd` instead. */
  constructor(state: InstallationState, sender: CallbackSender, api: ApiServer) {
    super(state, sender)
    this.#sender = sender
    this.#api = api
  }

  /** Base URL of the API. */
  get url(): string {
    return this.#api.url
  }

  get callbackUrl(): string | undefined {
    return this.#sender.settings.url
  }

  set callbackUrl(url: string | undefined) {
    this.#sender.settings.url = url
  }

  /** Number of API requests by path, such as `/sdkapi/v2/room/list`. */
  get requestCounts(): Readonly<Record<string, number>> {
    return this.#api.requestCounts
  }

  get callbackCounts(): Readonly<CallbackCounts> {
    return this.#sender.counts
  }

  /** Drops callbacks until it is called with 0. */
  dropCallbacks(rule: DropRule): void {
    this.#sender.setDropRule(rule)
  }

  /** Sets how a list of the API responds from now on. */
  setListBehaviour(behaviour: ListBehaviour, list: ListName = 'rooms'): void {
    this.#api.setListBehaviour(behaviour, list)
  }

  /** Invalidates all tokens: API clients must log in again. */
  expireTokens(): void {
    this.#api.expireTokens()
  }

  /** Resolves when no callback is pending. */
  drainCallbacks(): Promise<void> {
    return this.#sender.drain()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sender.stop(), this.#api.stop()])
  }
}

/** Starts an installation whose API listens on 127.0.0.1. */
export async function startSimulatedAvd(options: SimulatedAvdOptions): Promise<SimulatedAvd> {
  const { port = 0, callbackUrl: url, checkCodeKey = null, method = 'GET', seed = 1 } = options
  const { accessKey, secretKey, shape = 'data.list', numericIds = false, paging } = options
  const state = new InstallationState()
  const sender = new CallbackSender({ url, checkCodeKey, method }, new SeededRandom(seed))
  const api = await ApiServer.listen(port, { accessKey, secretKey, format: { shape, numericIds }, paging, state })
  return new SimulatedAvd(state, sender, api)
}
