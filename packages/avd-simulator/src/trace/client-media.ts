import type { SimulatedStream, StreamType } from '../installation-state.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { exponential, sample, uniform } from './distributions.ts'
import type { VirtualConnection, VirtualPlatform } from './virtual-platform.ts'
import type { VirtualSchedule } from './virtual-schedule.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

/** Remote streams that a client receives: as many as it shows. */
const maxSubscriptions = 4
const microphoneShare = 0.9
const cameraShare = 0.6
const desktopShare = 0.1
const meanToggleMs = { audio: 8 * minuteMs, video: 25 * minuteMs }

export interface ClientMediaSettings {
  readonly schedule: VirtualSchedule
  readonly platform: VirtualPlatform
  readonly random: SeededRandom
}

/** The media of a user in a room: what is switched on, and what the current connection publishes and receives. */
export class ClientMedia {
  readonly #settings: ClientMediaSettings
  readonly #userId: string
  /** What the user has switched on, whether or not it is published at the moment. */
  readonly #switchedOn = new Set<StreamType>()
  readonly #streamIds = new Map<StreamType, string>()
  #connection: VirtualConnection | undefined

  /** @param until ms since 1970: the user switches nothing after this time. */
  constructor(settings: ClientMediaSettings, userId: string, until: number) {
    const { random, schedule } = settings
    this.#settings = settings
    this.#userId = userId
    if (random.nextBoolean(microphoneShare)) this.#switchedOn.add('audio')
    if (random.nextBoolean(cameraShare)) this.#switchedOn.add('video')
    this.#planToggle('audio', until)
    this.#planToggle('video', until)
    if (random.nextBoolean(desktopShare)) {
      const sharedAt = uniform(random, schedule.now, until)
      schedule.at(sharedAt, () => this.#switch('desktop', true))
      schedule.at(sharedAt + uniform(random, 2 * minuteMs, 20 * minuteMs), () => this.#switch('desktop', false))
    }
  }

  /** Publishes on a new connection what is switched on, and subscribes to what the others publish. */
  start(connection: VirtualConnection): void {
    const { schedule, platform, random } = this.#settings
    this.#connection = connection
    for (const type of this.#switchedOn)
      schedule.after(uniform(random, 100, 1.5 * secondMs), () => this.#publish(connection, type))
    schedule.after(uniform(random, secondMs, 4 * secondMs), () => {
      const free = maxSubscriptions - connection.subscriptions.size
      for (const stream of sample(random, platform.streamsOfOthers(connection), free))
        platform.subscribe(connection, stream)
    })
  }

  /** Nothing is published until the next `start`. */
  pause(): void {
    this.#connection = undefined
  }

  /** Another client publishes under other stream ids. */
  forgetStreamIds(): void {
    this.#streamIds.clear()
  }

  /** Another user of the room has begun to publish video or a desktop. */
  receive(stream: SimulatedStream): void {
    const { schedule, platform, random } = this.#settings
    const connection = this.#connection
    if (connection === undefined) return
    schedule.after(uniform(random, 200, 2 * secondMs), () => {
      if (connection.subscriptions.size < maxSubscriptions) platform.subscribe(connection, stream)
    })
  }

  #planToggle(type: 'audio' | 'video', until: number): void {
    const { schedule, random } = this.#settings
    schedule.after(exponential(random, meanToggleMs[type]), () => {
      if (schedule.now > until) return
      this.#switch(type, !this.#switchedOn.has(type))
      this.#planToggle(type, until)
    })
  }

  #switch(type: StreamType, on: boolean): void {
    if (on) this.#switchedOn.add(type)
    else this.#switchedOn.delete(type)
    if (this.#connection === undefined) return
    if (on) this.#publish(this.#connection, type)
    else this.#settings.platform.unpublish(this.#connection, type)
  }

  #publish(connection: VirtualConnection, stream_type: StreamType): void {
    if (!this.#switchedOn.has(stream_type)) return
    const stream_id = this.#streamIds.get(stream_type) ?? this.#createStreamId()
    this.#streamIds.set(stream_type, stream_id)
    const resolution = stream_type === 'video' ? '1280x720' : '1920x1080'
    this.#settings.platform.publish(
      connection,
      stream_type === 'audio' ? { stream_id, stream_type } : { stream_id, stream_type, resolution },
    )
  }

  #createStreamId(): string {
    return `${this.#userId}-${this.#settings.random.nextInteger(1, 1e9)}`
  }
}
