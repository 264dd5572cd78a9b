import { randomUUID } from 'node:crypto'
import type { Chance } from './chance.ts'
import type { Answered } from './media-server.ts'
import { MeetingTraffic } from './meeting-traffic.ts'
import type { SimulatedAvd } from './simulated-avd.ts'
import type { Person } from './world.ts'

const tickMilliseconds = 300
const mostRooms = 6
const reconnecting = 0.7

/** How likely each is at a tick. The rest of the ticks belongs to the people in the meetings. */
const crashing = 0.0008
const warning = 0.003
const recording = 0.03
const losing = 0.01

/** What happens by itself in the demo: about one callback at each tick, and now and then something that goes wrong. */
export class Traffic {
  readonly #avd: SimulatedAvd
  readonly #chance: Chance
  readonly #meetings: MeetingTraffic
  #recording: string[] = []
  #transcoding: string[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(avd: SimulatedAvd, chance: Chance) {
    this.#avd = avd
    this.#chance = chance
    this.#meetings = new MeetingTraffic(avd, chance)
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), tickMilliseconds)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  tick(): Answered | undefined {
    const chance = this.#chance
    if (chance.happens(crashing)) this.crash()
    if (chance.happens(warning)) return this.#warn()
    if (chance.happens(recording)) return this.#record()
    const loses = chance.happens(losing)
    if (loses) this.#avd.loseCallbacks(1)
    const answered = this.#meetings.tick(mostRooms)
    if (loses) this.#avd.loseCallbacks(0)
    return answered
  }

  /** The media server dies; most clients come back one by one, the others never. */
  crash(): void {
    const lost = this.#avd.crash()
    this.#recording = []
    this.#meetings.forget()
    for (const person of lost) {
      if (this.#chance.happens(reconnecting)) this.#meetings.plan(() => this.#comeBack(person))
    }
  }

  async #comeBack(person: Person): Answered {
    const [first] = await this.#avd.recover([person])
    return first
  }

  #warn(): Answered {
    const tcp = { type: 'tcp', port: 8088 }
    const ports = this.#chance.happens(0.5) ? [tcp] : [tcp, { type: 'websocket', port: 7630 }]
    return this.#avd.warn(`box-0${this.#chance.between(1, 3)}`, ports)
  }

  /** Ends a recording, or begins one; at most two run and two wait for their files. */
  #record(): Answered | undefined {
    const transcoded = this.#oldest(this.#transcoding)
    if (transcoded !== undefined) {
      return this.#avd.completeRecording(
        transcoded,
        this.#chance.happens(0.1) ? { failure: '转码失败: disk full' } : {},
      )
    }
    const running = this.#oldest(this.#recording)
    if (running !== undefined) {
      this.#transcoding.push(running)
      return this.#avd.stopRecording(running)
    }
    const room = this.#chance.pick(this.#avd.world())
    return room && this.#begin(room.room_id)
  }

  #begin(room_id: string): Answered {
    if (this.#chance.happens(0.1)) return this.#avd.startRecording(room_id, { failure: '录制服务忙: no exporter' })
    const exporter_id = randomUUID()
    this.#recording.push(exporter_id)
    return this.#avd.startRecording(room_id, { exporter_id })
  }

  /** Takes the oldest where there are two, and now and then where there is one. */
  #oldest(recordings: string[]): string | undefined {
    return recordings.length > 1 || this.#chance.happens(0.4) ? recordings.shift() : undefined
  }
}
