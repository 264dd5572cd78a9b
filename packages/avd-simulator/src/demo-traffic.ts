import type { CallbackStatus } from './callback-sender.ts'
import type { SimulatedUser } from './installation-state.ts'
import { MeetingTraffic } from './meeting-traffic.ts'
import { RecordingTraffic } from './recording-traffic.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedAvd } from './simulated-avd.ts'

const tickIntervalMs = 300
const maxRooms = 6
const reconnectProbability = 0.7

/** Probabilities per tick. All other ticks advance a meeting. */
const crashProbability = 0.0008
const portWarningProbability = 0.003
const recordingProbability = 0.03
const dropProbability = 0.01

/** Generates the events of the demo: about one callback per tick, and occasional faults. */
export class DemoTraffic {
  readonly #avd: SimulatedAvd
  readonly #random: SeededRandom
  readonly #meetings: MeetingTraffic
  readonly #recordings: RecordingTraffic
  #timer: NodeJS.Timeout | undefined

  constructor(avd: SimulatedAvd, random: SeededRandom) {
    this.#avd = avd
    this.#random = random
    this.#meetings = new MeetingTraffic(avd, random)
    this.#recordings = new RecordingTraffic(avd, random)
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), tickIntervalMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  tick(): Promise<CallbackStatus> | undefined {
    if (this.#random.nextBoolean(crashProbability)) this.crash()
    if (this.#random.nextBoolean(portWarningProbability)) return this.#warn()
    if (this.#random.nextBoolean(recordingProbability)) return this.#recordings.tick()
    const isDropped = this.#random.nextBoolean(dropProbability)
    if (isDropped) this.#avd.dropCallbacks(1)
    const status = this.#meetings.tick(maxRooms)
    if (isDropped) this.#avd.dropCallbacks(0)
    return status
  }

  /** Crashes the media server. Most clients reconnect one after another; the others never do. */
  crash(): void {
    const disconnected = this.#avd.crash()
    this.#recordings.abandonRunning()
    this.#meetings.cancelPlanned()
    for (const user of disconnected) {
      if (this.#random.nextBoolean(reconnectProbability)) this.#meetings.plan(() => this.#reconnect(user))
    }
  }

  async #reconnect(user: SimulatedUser): Promise<CallbackStatus> {
    const [first] = await this.#avd.recover([user])
    return first
  }

  #warn(): Promise<CallbackStatus> {
    const tcp = { type: 'tcp', port: 8088 }
    const ports = this.#random.nextBoolean(0.5) ? [tcp] : [tcp, { type: 'websocket', port: 7630 }]
    return this.#avd.sendPortWarning(`box-0${this.#random.nextInteger(1, 3)}`, ports)
  }
}
