import { randomUUID } from 'node:crypto'
import type { Callbacks } from './callbacks.ts'
import type { Parameters } from './sign.ts'
import type { Client, Person, Room, Stream, StreamType, World } from './world.ts'

/** The status of a callback's answer; undefined where it was not sent, got lost or was not answered. */
export type Answered = Promise<number | undefined>

/** What of a stream is not said is made up. */
export type NewStream = Partial<Stream>

/**
 * A media server: each action changes the world at once, and sends the callback that the document has for it.
 *
 * What cannot happen, like a leave of somebody who is not there, throws.
 */
export class MediaServer {
  readonly #world: World
  /** Those that the last crash threw out and that have not come back. */
  readonly #lost = new Map<string, Person>()
  protected readonly callbacks: Callbacks

  constructor(world: World, callbacks: Callbacks) {
    this.#world = world
    this.callbacks = callbacks
  }

  /** The open rooms and the people in them, as the installation knows them. */
  world(): readonly Room[] {
    return this.#world.rooms
  }

  openRoom(room_id: string): Answered {
    this.#world.open(room_id)
    return this.tell({ event: 'open', room_id })
  }

  /** Everybody in it is out, without a `leave` of their own. */
  closeRoom(room_id: string, event_type: 'user' | 'auto' = 'user'): Answered {
    this.#world.close(room_id)
    return this.tell({ event: 'close', room_id, event_type })
  }

  /** Opens the room where it is not open. */
  join(room_id: string, user_id: string, { user_name, endpoint_type = 'web' }: Client = {}): Answered {
    if (!this.#world.has(room_id)) void this.openRoom(room_id)
    const before = this.#world.find(room_id, user_id)
    const media = { streams: before?.streams ?? [], subscriptions: before?.subscriptions ?? [] }
    this.#world.put({ room_id, user_id, user_name, endpoint_type, ...media })
    const named = user_name === undefined ? {} : { user_name }
    return this.tell({ event: 'join', room_id, user_id, event_type: 'normal', endpoint_type, ...named })
  }

  leave(
    room_id: string,
    user_id: string,
    event_type: 'normal' | 'clientKick' | 'serverKick' | 'offline' = 'normal',
  ): Answered {
    this.#world.remove(room_id, user_id)
    return this.tell({ event: 'leave', room_id, user_id, event_type })
  }

  rename(room_id: string, user_id: string, user_name: string): Answered {
    this.#world.change(room_id, user_id, { user_name })
    return this.tell({ event: 'update', room_id, user_id, event_type: 'userInfo', user_name })
  }

  publish(room_id: string, user_id: string, stream: NewStream = {}): Answered {
    const complete = completed(stream)
    const { streams } = this.#world.get(room_id, user_id)
    this.#world.change(room_id, user_id, { streams: [...without(streams, complete.stream_id), complete] })
    return this.tell({ event: 'publish', room_id, user_id, ...complete })
  }

  unpublish(room_id: string, user_id: string, stream_id: string): Answered {
    const { streams } = this.#world.get(room_id, user_id)
    this.#world.change(room_id, user_id, { streams: without(streams, stream_id) })
    return this.tell({ event: 'unpublish', room_id, user_id, ...found(streams, stream_id) })
  }

  subscribe(room_id: string, user_id: string, stream: { stream_id: string; stream_type: StreamType }): Answered {
    const { stream_id, stream_type } = stream
    const { subscriptions } = this.#world.get(room_id, user_id)
    const subscribed = [...without(subscriptions, stream_id), { stream_id, stream_type }]
    this.#world.change(room_id, user_id, { subscriptions: subscribed })
    return this.tell({ event: 'sub', room_id, user_id, stream_id, stream_type })
  }

  unsubscribe(room_id: string, user_id: string, stream_id: string): Answered {
    const { subscriptions } = this.#world.get(room_id, user_id)
    this.#world.change(room_id, user_id, { subscriptions: without(subscriptions, stream_id) })
    return this.tell({ event: 'unsub', room_id, user_id, ...found(subscriptions, stream_id) })
  }

  /** Dies: rooms and people are gone from the list, and nothing says so. @returns those it threw out. */
  crash(): readonly Person[] {
    this.callbacks.crash()
    this.#lost.clear()
    for (const person of this.#world.clear()) this.#lost.set(JSON.stringify([person.room_id, person.user_id]), person)
    return [...this.#lost.values()]
  }

  /**
   * These clients reconnect: their room opens and they join and publish a second time (document, note 3).
   *
   * @param people default: everybody whom the crash threw out.
   */
  async recover(
    people: readonly { readonly room_id: string; readonly user_id: string }[] = [...this.#lost.values()],
  ): Promise<readonly (number | undefined)[]> {
    const answers: Answered[] = []
    for (const { room_id, user_id } of people) {
      const key = JSON.stringify([room_id, user_id])
      const person = this.#lost.get(key)
      if (!person) throw new Error(`user ${user_id} of the simulated room ${room_id} was not in the last crash`)
      this.#lost.delete(key)
      const { user_name, endpoint_type } = person
      answers.push(this.join(room_id, user_id, { endpoint_type, ...(user_name !== undefined && { user_name }) }))
      for (const stream of person.streams) answers.push(this.publish(room_id, user_id, stream))
      for (const stream of person.subscriptions) answers.push(this.subscribe(room_id, user_id, stream))
    }
    return Promise.all(answers)
  }

  /** Those about one room, or one box, arrive in the order of their happening. */
  protected tell(parameters: Parameters): Answered {
    const subject = `${parameters.room_id ?? ''} ${parameters.box_code ?? ''}`
    // Random in spite of any seed: to the receiver a trace_id that it has seen is a repetition, for ever.
    return this.callbacks.send(subject, { ...parameters, trace_id: randomUUID() })
  }
}

function completed({ stream_type = 'video', stream_id = randomUUID(), resolution }: NewStream): Stream {
  if (stream_type === 'audio') return { stream_id, stream_type }
  return { stream_id, stream_type, resolution: resolution ?? '1280x720' }
}

function without(streams: readonly Stream[], stream_id: string): Stream[] {
  return streams.filter((stream) => stream.stream_id !== stream_id)
}

function found(streams: readonly Stream[], stream_id: string): Stream {
  const stream = streams.find((candidate) => candidate.stream_id === stream_id)
  if (stream) return stream
  throw new Error(`there is no simulated stream ${stream_id}`)
}
