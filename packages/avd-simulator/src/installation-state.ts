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
  readonly users: readonly SimulatedUser[]
}

type UserChange = Partial<Pick<SimulatedUser, 'user_name' | 'endpoint_type' | 'streams' | 'subscriptions'>>

/** The open rooms and the users in them. The list API reports this state. */
export class InstallationState {
  /** Users by user id, by room id; both in order of arrival. */
  readonly #rooms = new Map<string, Map<string, SimulatedUser>>()

  get rooms(): readonly SimulatedRoom[] {
    return [...this.#rooms].map(([room_id, users]) => ({ room_id, users: [...users.values()] }))
  }

  findRoom(room_id: string): SimulatedRoom | undefined {
    const users = this.#rooms.get(room_id)
    return users && { room_id, users: [...users.values()] }
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
  }

  /** @throws Error if the room is not open. */
  closeRoom(room_id: string): void {
    if (!this.#rooms.delete(room_id)) throw new Error(`there is no open simulated room ${room_id}`)
  }

  /** Adds or replaces a user, and opens the room if necessary. */
  putUser(user: SimulatedUser): void {
    this.openRoom(user.room_id)
    this.#rooms.get(user.room_id)?.set(user.user_id, user)
  }

  /** @throws Error if the user is not in the room. */
  updateUser(room_id: string, user_id: string, change: UserChange): void {
    this.putUser({ ...this.getUser(room_id, user_id), ...change })
  }

  /** @throws Error if the user is not in the room. */
  removeUser(room_id: string, user_id: string): void {
    this.getUser(room_id, user_id)
    this.#rooms.get(room_id)?.delete(user_id)
  }

  /** Closes all rooms. @returns the users who were in them. */
  clear(): readonly SimulatedUser[] {
    const users = this.rooms.flatMap((room) => room.users)
    this.#rooms.clear()
    return users
  }
}
