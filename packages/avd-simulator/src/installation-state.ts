export type StreamType = 'audio' | 'video' | 'desktop'

export interface SimulatedStream {
  readonly stream_id: string
  readonly stream_type: StreamType
  /** Absent for audio. */
  readonly resolution?: string
}

/** What a client reports about itself when it joins. */
export interface ClientInfo {
  readonly user_name?: string
  readonly endpoint_type?: string
}

/** A user who is online in a room. */
export interface SimulatedUser {
  readonly room_id: string
  readonly user_id: string
  readonly user_name: string | undefined
  readonly endpoint_type: string
  readonly streams: readonly SimulatedStream[]
  readonly subscriptions: readonly SimulatedStream[]
}

/** An open room. */
export interface SimulatedRoom {
  readonly room_id: string
  /** Shown in the room list, but not part of any callback. */
  readonly room_name: string | undefined
  readonly users: readonly SimulatedUser[]
}

type UserChange = Partial<Pick<SimulatedUser, 'user_name' | 'endpoint_type' | 'streams' | 'subscriptions'>>

/** The open rooms and the users in them. The list API reports this state. */
export class InstallationState {
  /** Users by user id, by room id; both in order of arrival. */
  readonly #rooms = new Map<string, Map<string, SimulatedUser>>()
  readonly #roomNames = new Map<string, string>()
  readonly #listeners: (() => void)[] = []

  get rooms(): readonly SimulatedRoom[] {
    return [...this.#rooms.keys()].map((room_id) => this.#getRoom(room_id))
  }

  /** Calls the listener after every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  findRoom(room_id: string): SimulatedRoom | undefined {
    return this.hasRoom(room_id) ? this.#getRoom(room_id) : undefined
  }

  #getRoom(room_id: string): SimulatedRoom {
    const users = [...(this.#rooms.get(room_id)?.values() ?? [])]
    return { room_id, room_name: this.#roomNames.get(room_id), users }
  }

  hasRoom(room_id: string): boolean {
    return this.#rooms.has(room_id)
  }

  findUser(room_id: string, user_id: string): SimulatedUser | undefined {
    return this.#rooms.get(room_id)?.get(user_id)
  }

  /** @throws Error if the user is not in the room. */
  getUser(room_id: string, user_id: string): SimulatedUser {
    const user = this.findUser(room_id, user_id)
    if (user) return user
    throw new Error(`simulated room ${room_id} has no user ${user_id}`)
  }

  openRoom(room_id: string): void {
    if (!this.hasRoom(room_id)) this.#rooms.set(room_id, new Map())
    this.#notify()
  }

  /** Names a room, which need not be open. */
  nameRoom(room_id: string, room_name: string): void {
    this.#roomNames.set(room_id, room_name)
    this.#notify()
  }

  /** @throws Error if the room is not open. */
  closeRoom(room_id: string): void {
    if (!this.#rooms.delete(room_id)) throw new Error(`there is no open simulated room ${room_id}`)
    this.#notify()
  }

  /** Adds or replaces a user, and opens the room if necessary. */
  putUser(user: SimulatedUser): void {
    if (!this.hasRoom(user.room_id)) this.openRoom(user.room_id)
    this.#rooms.get(user.room_id)?.set(user.user_id, user)
    this.#notify()
  }

  /** @throws Error if the user is not in the room. */
  updateUser(room_id: string, user_id: string, change: UserChange): void {
    this.putUser({ ...this.getUser(room_id, user_id), ...change })
  }

  /** @throws Error if the user is not in the room. */
  removeUser(room_id: string, user_id: string): void {
    this.getUser(room_id, user_id)
    this.#rooms.get(room_id)?.delete(user_id)
    this.#notify()
  }

  /** Closes all rooms. @returns the users who were in them. */
  clear(): readonly SimulatedUser[] {
    const users = this.rooms.flatMap((room) => room.users)
    this.#rooms.clear()
    this.#notify()
    return users
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}
