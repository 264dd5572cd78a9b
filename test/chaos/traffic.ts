import { randomUUID } from 'node:crypto'
import { type CallbackParameters, type SeededRandom, signCallback } from '@northbound/avd-simulator'

/** How a callback is signed. Only genuine ones may have any effect. */
type Signature = 'genuine' | 'forged' | 'missing'

/** A callback to send. */
export interface ChaosCallback {
  readonly params: CallbackParameters
  readonly signature: Signature
  /** Callbacks of the same queue are sent one after another, as a media server sends those of a room. */
  readonly queue: string
}

interface SimulatedPerson {
  readonly user_id: string
  /** Stream ids by type. */
  readonly streams: Map<string, string>
}

interface SimulatedRoom {
  isOpen: boolean
  meetings: number
  readonly people: Map<string, SimulatedPerson>
  recordingStart: string | undefined
}

const roomCount = 12
const maxPeople = 25
const streamTypes = ['audio', 'video', 'desktop'] as const

/** Random callbacks of an installation: what happens follows from the seed, the ids of the events do not. */
export class ChaosTraffic {
  readonly #random: SeededRandom
  readonly #rooms = new Map<string, SimulatedRoom>()
  readonly #sent: ChaosCallback[] = []
  readonly #happen: (params: CallbackParameters) => void

  /** @param happen is called with what happens, whether its callback will be genuine or not. */
  constructor(random: SeededRandom, happen: (params: CallbackParameters) => void = () => undefined) {
    this.#random = random
    this.#happen = happen
  }

  /** The next callback: 4 of 100 repeat an earlier one, 6 are forged or unsigned. */
  next(): ChaosCallback {
    const roll = this.#random.nextInteger(1, 100)
    const earlier = this.#random.pick(this.#sent)
    if (roll <= 4 && earlier !== undefined) return earlier
    const { params, queue } = this.#nextEvent()
    this.#happen(params)
    const callback = { params: { ...params, trace_id: randomUUID() }, queue, signature: signatureFor(roll) }
    if (callback.signature === 'genuine') this.#sent.push(callback)
    if (this.#sent.length > 2000) this.#sent.shift()
    return callback
  }

  #nextEvent(): { readonly params: CallbackParameters; readonly queue: string } {
    if (this.#random.nextBoolean(0.01)) {
      const box_code = `box-${this.#random.nextInteger(1, 3)}`
      const options = JSON.stringify([{ type: 'tcp', port: this.#random.nextInteger(8000, 8009) }])
      return { params: { event: 'warning_notify', event_type: 'check_port', box_code, options }, queue: box_code }
    }
    const room_id = `R${this.#random.nextInteger(1, roomCount)}`
    const room = this.#rooms.get(room_id) ?? {
      isOpen: false,
      meetings: 0,
      people: new Map(),
      recordingStart: undefined,
    }
    this.#rooms.set(room_id, room)
    return { params: { ...this.#nextOf(room), room_id }, queue: room_id }
  }

  #nextOf(room: SimulatedRoom): CallbackParameters {
    if (!room.isOpen) return this.#open(room)
    const person = this.#random.pick([...room.people.values()])
    const roll = this.#random.nextInteger(1, 100)
    if (roll <= 2) return this.#close(room)
    if (roll <= 5) return this.#record(room)
    if (person === undefined || (roll <= 35 && room.people.size < maxPeople)) return this.#join(room)
    if (roll <= 45) return this.#leave(room, person)
    if (roll <= 50) return { event: 'update', event_type: 'userInfo', user_id: person.user_id, user_name: `N${roll}` }
    return this.#changeMedia(person)
  }

  #open(room: SimulatedRoom): CallbackParameters {
    room.isOpen = true
    room.meetings += 1
    return { event: 'open' }
  }

  #close(room: SimulatedRoom): CallbackParameters {
    room.isOpen = false
    room.people.clear()
    room.recordingStart = undefined
    return { event: 'close', event_type: this.#random.nextBoolean(0.5) ? 'user' : 'auto' }
  }

  /** Someone new comes, or, one time in eight, someone who is in the room connects again. */
  #join(room: SimulatedRoom): CallbackParameters {
    const present = this.#random.nextBoolean(0.125) ? this.#random.pick([...room.people.values()]) : undefined
    const person = present ?? { user_id: `U${this.#random.nextInteger(1, 60)}`, streams: new Map<string, string>() }
    room.people.set(person.user_id, person)
    const endpoint_type = this.#random.pick(['web', 'ios', 'android', 'win']) ?? 'web'
    return {
      event: 'join',
      event_type: 'normal',
      user_id: person.user_id,
      user_name: `Name ${person.user_id}`,
      endpoint_type,
    }
  }

  #leave(room: SimulatedRoom, { user_id }: SimulatedPerson): CallbackParameters {
    room.people.delete(user_id)
    const event_type = this.#random.pick(['normal', 'normal', 'offline', 'clientKick', 'serverKick']) ?? 'normal'
    return { event: 'leave', event_type, user_id }
  }

  #changeMedia({ user_id, streams }: SimulatedPerson): CallbackParameters {
    const stream_type = this.#random.pick(streamTypes) ?? 'audio'
    const existing = streams.get(stream_type)
    if (this.#random.nextBoolean(0.3)) {
      const stream_id = `S${this.#random.nextInteger(1, 40)}`
      return { event: this.#random.nextBoolean(0.7) ? 'sub' : 'unsub', user_id, stream_type, stream_id }
    }
    if (existing !== undefined) {
      streams.delete(stream_type)
      return { event: 'unpublish', user_id, stream_type, stream_id: existing }
    }
    const stream_id = `${user_id}-${stream_type}-${this.#random.nextInteger(1, 1000)}`
    streams.set(stream_type, stream_id)
    return { event: 'publish', user_id, stream_type, stream_id }
  }

  #record(room: SimulatedRoom): CallbackParameters {
    const exporter = { exporter_type: 'mp4', exporter_id: 'E1' }
    const start_time = room.recordingStart
    if (start_time === undefined) {
      room.recordingStart = String(1_790_000_000 + room.meetings * 60)
      return { event: 'start_record', event_type: 'success', start_time: room.recordingStart, ...exporter }
    }
    room.recordingStart = undefined
    const options = JSON.stringify([{ name: `${start_time}.mp4`, size: 1 }])
    return { event: 'record_transcoding_completion', event_type: 'success', start_time, options, ...exporter }
  }
}

function signatureFor(roll: number): Signature {
  if (roll > 96) return 'forged'
  return roll > 94 ? 'missing' : 'genuine'
}

/** The parameters as they are sent. */
export function sign({ params, signature }: ChaosCallback, key: string): CallbackParameters {
  if (signature === 'missing') return params
  return signCallback(params, signature === 'forged' ? `${key} of someone else` : key)
}
