import { randomUUID } from 'node:crypto'
import type { CallbackStatus } from './callback-sender.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedPlatform } from './simulated-platform.ts'

const startFailureProbability = 0.1
const transcodingFailureProbability = 0.1
const singleRecordingProbability = 0.4

/** As many as can run, so that an exporter often records again before its last recording has been transcoded. */
const exporterCount = 2

/** Simulates recordings: at most two run and two are being transcoded. */
export class RecordingTraffic {
  readonly #platform: SimulatedPlatform
  readonly #random: SeededRandom
  readonly #newId: () => string
  readonly #exporterIds: readonly string[]
  /** exporter_ids, oldest first. */
  #running: string[] = []
  readonly #transcoding: string[] = []

  /** @param newId makes the ids of exporters. */
  constructor(platform: SimulatedPlatform, random: SeededRandom, newId: () => string = randomUUID) {
    this.#platform = platform
    this.#random = random
    this.#exporterIds = Array.from({ length: exporterCount }, newId)
    this.#newId = newId
  }

  /** Completes, stops or starts a recording. */
  tick(): Promise<CallbackStatus> | undefined {
    const transcoded = this.#takeOldest(this.#transcoding)
    if (transcoded !== undefined) {
      const fails = this.#random.nextBoolean(transcodingFailureProbability)
      return this.#platform.completeRecording(transcoded, fails ? { failure: '转码失败: disk full' } : {})
    }
    const running = this.#takeOldest(this.#running)
    if (running !== undefined) {
      this.#transcoding.push(running)
      return this.#platform.stopRecording(running)
    }
    const room = this.#random.pick(this.#platform.rooms)
    return room && this.#start(room.room_id)
  }

  /** Forgets the running recordings without stopping them, as a crash of the media server does. */
  abandonRunning(): void {
    this.#running = []
  }

  /** Stops and completes all recordings. */
  finish(): void {
    for (const exporterId of this.#running.splice(0)) {
      this.#transcoding.push(exporterId)
      void this.#platform.stopRecording(exporterId)
    }
    for (const exporterId of this.#transcoding.splice(0)) void this.#platform.completeRecording(exporterId)
  }

  #start(room_id: string): Promise<CallbackStatus> {
    if (this.#random.nextBoolean(startFailureProbability)) {
      return this.#platform.startRecording(room_id, { failure: '录制服务忙: no exporter' })
    }
    const exporter_id = this.#exporterIds.find((exporterId) => !this.#running.includes(exporterId)) ?? this.#newId()
    this.#running.push(exporter_id)
    return this.#platform.startRecording(room_id, { exporter_id })
  }

  /** Takes the oldest recording. If there is only one, takes it with `singleRecordingProbability`. */
  #takeOldest(exporterIds: string[]): string | undefined {
    const isTaken = exporterIds.length > 1 || this.#random.nextBoolean(singleRecordingProbability)
    return isTaken ? exporterIds.shift() : undefined
  }
}
