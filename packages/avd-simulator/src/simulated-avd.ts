import { randomUUID } from 'node:crypto'
import type { AnswerShape } from './answer-shapes.ts'
import { ApiServer, type ListName } from './api-server.ts'
import { type CallbackCounts, Callbacks, type Loss } from './callbacks.ts'
import { Chance } from './chance.ts'
import type { ListAnswer } from './list-answers.ts'
import { type Answered, MediaServer } from './media-server.ts'
import { World } from './world.ts'

export { type AnswerShape, customListPaths } from './answer-shapes.ts'
export type { CallbackCounts, ListAnswer, ListName, Loss }

export interface SimulatedAvdOptions {
  /** Of its API; 0, the default: any free one. */
  readonly port?: number
  /** Base of where it calls back; may be set later. */
  readonly callbackUrl?: string | undefined
  /** Null, the default: callbacks are not signed. */
  readonly checkCodeKey?: string | null
  /** Of the callbacks. Default GET. */
  readonly method?: 'GET' | 'POST'
  readonly accessKey: string
  readonly secretKey: string
  /** Default `data.list`. */
  readonly shape?: AnswerShape
  /** Decides which callbacks are lost where a share of them is. */
  readonly seed?: number
}

/** Recordings that are started and not completed, by exporter_id. They outlive their room. */
type Recordings = Map<string, Recording>

interface Recording {
  readonly room_id: string
  readonly exporter_type: string
  readonly exporter_id: string
  readonly start_time: string
}

export interface NewRecording {
  readonly exporter_type?: string
  readonly exporter_id?: string
  /** Why it cannot start. */
  readonly failure?: string
}

export interface RecordingEnd {
  /** What the recording is in; made up where it is left out. */
  readonly files?: string
  /** Why there are no files. */
  readonly failure?: string
}

/** A 3TEE AVD installation: a media server with its recorder, the master, and the API. Nobody is in it at first. */
export class SimulatedAvd extends MediaServer {
  readonly #api: ApiServer
  readonly #recordings: Recordings = new Map()

  /** Made by `startSimulatedAvd`. */
  constructor(world: World, callbacks: Callbacks, api: ApiServer) {
    super(world, callbacks)
    this.#api = api
  }

  /** Base address of the API. */
  get url(): string {
    return this.#api.url
  }

  get callbackUrl(): string | undefined {
    return this.callbacks.settings.url
  }

  set callbackUrl(url: string | undefined) {
    this.callbacks.settings.url = url
  }

  /** How often each path of the API was asked, like `/sdkapi/v2/room/list`. */
  get requests(): Readonly<Record<string, number>> {
    return this.#api.requests
  }

  get callbackCounts(): Readonly<CallbackCounts> {
    return this.callbacks.counts
  }

  /** The ids of the recordings that run or wait for their files. */
  get recordings(): readonly string[] {
    return [...this.#recordings.keys()]
  }

  startRecording(room_id: string, recording: NewRecording = {}): Answered {
    const { exporter_type = 'mp4', exporter_id = randomUUID(), failure } = recording
    const exporter = { room_id, exporter_type, exporter_id }
    if (failure !== undefined) {
      return this.tell({ event: 'start_record', ...exporter, event_type: 'faild', options: failure })
    }
    const start_time = epochSeconds()
    this.#recordings.set(exporter_id, { ...exporter, start_time })
    return this.tell({ event: 'start_record', ...exporter, event_type: 'success', start_time })
  }

  stopRecording(exporter_id: string, end: RecordingEnd = {}): Answered {
    const recording = this.#recording(exporter_id)
    return this.tell({ event: 'stop_record', ...recording, stop_time: epochSeconds(), ...outcome(recording, end) })
  }

  /** The files are ready, or will never be: the recording is over. */
  completeRecording(exporter_id: string, end: RecordingEnd = {}): Answered {
    const recording = this.#recording(exporter_id)
    this.#recordings.delete(exporter_id)
    return this.tell({ event: 'record_transcoding_completion', ...recording, ...outcome(recording, end) })
  }

  /** The master could not reach these ports of a media server. */
  warn(box_code: string, ports: readonly { readonly type: string; readonly port: number }[]): Answered {
    // With a space after the commas between the ports and none within, as the document's example has it.
    const options = `[${ports.map(({ type, port }) => JSON.stringify({ type, port })).join(', ')}]`
    return this.tell({ event: 'warning_notify', event_type: 'check_port', box_code, options })
  }

  /** Until it is called with 0, these callbacks are lost on the way. */
  loseCallbacks(loss: Loss): void {
    this.callbacks.lose(loss)
  }

  /** How a list answers until this is called again. */
  answerWith(how: ListAnswer, list: ListName = 'rooms'): void {
    this.#api.answerWith(how, list)
  }

  /** Whoever is logged in must log in again. */
  expireTokens(): void {
    this.#api.expireTokens()
  }

  /** Resolves when every callback is sent and answered. */
  settled(): Promise<void> {
    return this.callbacks.settled()
  }

  async stop(): Promise<void> {
    await Promise.all([this.callbacks.stop(), this.#api.stop()])
  }

  #recording(exporter_id: string): Recording {
    const recording = this.#recordings.get(exporter_id)
    if (recording) return recording
    throw new Error(`there is no simulated recording ${exporter_id}`)
  }
}

export async function startSimulatedAvd(options: SimulatedAvdOptions): Promise<SimulatedAvd> {
  const { port = 0, callbackUrl: url, checkCodeKey = null, method = 'GET', shape = 'data.list', seed = 1 } = options
  const { accessKey, secretKey } = options
  const world = new World()
  const callbacks = new Callbacks({ url, checkCodeKey, method }, new Chance(seed))
  const api = await ApiServer.listen(port, { accessKey, secretKey, shape, world })
  return new SimulatedAvd(world, callbacks, api)
}

function outcome({ room_id, exporter_id, exporter_type }: Recording, { files, failure }: RecordingEnd) {
  if (failure !== undefined) return { event_type: 'faild', options: failure }
  const file = { file: `/record/${room_id}/${exporter_id}.${exporter_type}`, size: 734_003_200 }
  return { event_type: 'success', options: files ?? JSON.stringify([file]) }
}

function epochSeconds(): string {
  return String(Math.floor(Date.now() / 1000))
}
