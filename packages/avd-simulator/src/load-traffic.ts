import { randomUUID } from 'node:crypto'
import type { CallbackOutlet, CallbackStatus } from './callback-sender.ts'
import { InstallationState, type SimulatedUser } from './installation-state.ts'
import { MeetingTraffic } from './meeting-traffic.ts'
import { RecordingTraffic } from './recording-traffic.ts'
import { SeededRandom } from './seeded-random.ts'
import type { CallbackParameters } from './sign-callback.ts'
import { SimulatedPlatform } from './simulated-platform.ts'

export interface LoadTrafficOptions {
  readonly seed: number
  /** Most rooms that are open at the same time. */
  readonly maxRooms: number
  /** Most users in a room. */
  readonly maxUsers: number
  /** Whether the master sends `warning_notify` now and then. */
  readonly sendsWarnings: boolean
}

const openRoomProbability = 0.3
const recordingProbability = 0.03
const warningProbability = 0.003
const reconnectProbability = 0.7

/**
 * Generates the callbacks of an installation, as many as are asked for: the caller decides when each is sent. The same options yield
 * the same callbacks, except their `trace_id` and the times of recordings.
 */
export class LoadTraffic {
  readonly #options: LoadTrafficOptions
  readonly #random: SeededRandom
  readonly #queue = new CallbackQueue()
  readonly #platform: SimulatedPlatform
  readonly #meetings: MeetingTraffic
  readonly #recordings: RecordingTraffic

  constructor(options: LoadTrafficOptions) {
    const random = new SeededRandom(options.seed)
    const newId = () => random.nextId()
    this.#options = options
    this.#random = random
    this.#platform = new SimulatedPlatform(new InstallationState(), this.#queue, newId)
    this.#meetings = new MeetingTraffic(this.#platform, random, { maxUsers: options.maxUsers, openRoomProbability })
    this.#recordings = new RecordingTraffic(this.#platform, random, newId)
  }

  /** Returns the next callback. */
  next(): CallbackParameters {
    for (;;) {
      const callback = this.#queue.take()
      if (callback !== undefined) return callback
      this.#tick()
    }
  }

  /** Crashes the media server: what it has not sent is lost, most clients reconnect, and the others never do. */
  crash(): void {
    const disconnected = this.#platform.crash()
    this.#recordings.abandonRunning()
    this.#meetings.cancelPlanned()
    for (const user of disconnected)
      if (this.#random.nextBoolean(reconnectProbability)) this.#meetings.plan(() => this.#reconnect(user))
  }

  /** Ends all recordings and closes all rooms. @returns the callbacks of that, and those that `next` has not returned yet. */
  finish(): CallbackParameters[] {
    this.#recordings.finish()
    for (const { room_id } of this.#platform.rooms) void this.#platform.closeRoom(room_id)
    return this.#queue.takeAll()
  }

  #tick(): void {
    if (this.#options.sendsWarnings && this.#random.nextBoolean(warningProbability))
      void this.#platform.sendPortWarning(`box-0${this.#random.nextInteger(1, 3)}`, [{ type: 'tcp', port: 8088 }])
    else if (this.#random.nextBoolean(recordingProbability)) void this.#recordings.tick()
    else void this.#meetings.tick(this.#options.maxRooms)
  }

  async #reconnect(user: SimulatedUser): Promise<CallbackStatus> {
    const [first] = await this.#platform.recover([user])
    return first
  }
}

/** Keeps callbacks until they are taken. For the platform each counts as accepted. */
class CallbackQueue implements CallbackOutlet {
  #callbacks: CallbackParameters[] = []

  send(event: CallbackParameters): Promise<CallbackStatus> {
    this.#callbacks.push({ ...event, trace_id: randomUUID() })
    return Promise.resolve(200)
  }

  discardPending(): void {
    this.#callbacks = []
  }

  take(): CallbackParameters | undefined {
    return this.#callbacks.shift()
  }

  takeAll(): CallbackParameters[] {
    return this.#callbacks.splice(0)
  }
}
