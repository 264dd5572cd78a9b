export type StreamType = 'audio' | 'video' | 'desktop'

export interface Stream {
  readonly stream_id: string
  readonly stream_type: StreamType
  /** Never of audio. */
  readonly resolution?: string
}

/** What a client tells of itself when it joins. */
export interface Client {
  readonly user_name?: string
  readonly endpoint_type?: string
}

export interface Person {
  readonly room_id: string
  readonly user_id: string
  readonly user_name: string | undefined
  readonly endpoint_type: string
  readonly streams: readonly Stream[]
  readonly subscriptions: readonly Stream[]
}

export interface Room {
  readonly room_id: string
  readonly users: readonly Person[]
}

type Change = Partial<Pick<Person, 'user_name' | 'endpoint_type' | 'streams' | 'subscriptions'>>

/** The rooms that are open and who is in them: what the installation itself takes for the truth. */
export class World {
  /** Room to its people by user id, both in the order of their coming. */
  readonly #rooms = new Map<string, Map<string, Person>>()

  get rooms(): readonly Room[] {
    return [...this.#rooms].map(([room_id, people]) => ({ room_id, users: [...people.values()] }))
  }

  room(room_id: string): Room | undefined {
    const people = this.#rooms.get(room_id)
    return people && { room_id, users: [...people.values()] }
  }

  has(room_id: string): boolean {
    return this.#rooms.has(room_id)
  }

  find(room_id: string, user_id: string): Person | undefined {
    return this.#rooms.get(room_id)?.get(user_id)
  }

  /** @throws Error where the person is not in the room: whoever directs the world has lost track of it. */
  get(room_id: string, user_id: string): Person {
    const person = this.find(room_id, user_id)
    if (person) return person
    throw new Error(`the simulated room ${room_id} has no user ${user_id}`)
  }

  open(room_id: string): void {
    if (!this.has(room_id)) this.#rooms.set(room_id, new Map())
  }

  /** @throws Error where the room is not open. */
  close(room_id: string): void {
    if (!this.#rooms.delete(room_id)) throw new Error(`there is no open simulated room ${room_id}`)
  }

  put(person: Person): void {
    this.open(person.room_id)
    this.#rooms.get(person.room_id)?.set(person.user_id, person)
  }

  change(room_id: string, user_id: string, change: Change): void {
    this.put({ ...this.get(room_id, user_id), ...change })
  }

  remove(room_id: string, user_id: string): void {
    this.get(room_id, user_id)
    this.#rooms.get(room_id)?.delete(user_id)
  }

  /** Empties it. @returns who was there. */
  clear(): readonly Person[] {
    const people = this.rooms.flatMap(({ users }) => users)
    this.#rooms.clear()
    return people
  }
}
