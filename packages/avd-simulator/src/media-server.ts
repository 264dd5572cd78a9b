import type { CallbackOutlet, CallbackStatus } from './callback-sender.ts'
import type {
  ClientInfo,
  InstallationState,
  SimulatedRoom,
  SimulatedStream,
  SimulatedUser,
  StreamType,
} from './installation-state.ts'

/** A user of a room, by ids. */
export interface UserReference {
  readonly room_id: string
  readonly user_id: string
}

/**
 * A media server. Each action changes the installation's state synchronously and then sends the callback that the
 * vendor's document specifies for it. Actions that contradict the state, such as a leave of an absent user, throw.
 */
export class MediaServer {
  readonly #state: InstallationState
  readonly #sender: CallbackOutlet
  readonly #newId: () => string
  /** The users whom the last crash disconnected and who have not reconnected. */
  readonly #disconnected = new Map<string, SimulatedUser>()

  /** @param newId makes the ids of streams. */
  constructor(state: InstallationState, sender: CallbackOutlet, newId: () => string) {
    this.#state = state
    this.#sender = sender
    this.#newId = newId
  }

  /** The open rooms and the users in them. */
  get rooms(): readonly SimulatedRoom[] {
    return this.#state.rooms
  }

  openRoom(room_id: string): Promise<CallbackStatus> {
    this.#state.openRoom(room_id)
    return this.#sender.send({ event: 'open', room_id })
  }

  /** Names a room. The room list shows the name; no callback is sent. */
  nameRoom(room_id: string, room_name: string): void {
    this.#state.nameRoom(room_id, room_name)
  }

  /** Closes the room. Its users are removed without a `leave` callback. */
  closeRoom(room_id: string, event_type: 'user' | 'auto' = 'user'): Promise<CallbackStatus> {
    this.#state.closeRoom(room_id)
    return this.#sender.send({ event: 'close', room_id, event_type })
  }

  /** Opens the room first if it is not open. A second join keeps the user's streams and subscriptions. */
  join(
    room_id: string,
    user_id: string,
    { user_name, endpoint_type = 'web' }: ClientInfo = {},
  ): Promise<CallbackStatus> {
    if (!this.#state.hasRoom(room_id)) void this.openRoom(room_id)
    const { streams = [], subscriptions = [] } = this.#state.findUser(room_id, user_id) ?? {}
    this.#state.putUser({ room_id, user_id, user_name, endpoint_type, streams, subscriptions })
    const optional = user_name === undefined ? {} : { user_name }
    return this.#sender.send({ event: 'join', room_id, user_id, event_type: 'normal', endpoint_type, ...optional })
  }

  leave(
    room_id: string,
    user_id: string,
    event_type: 'normal' | 'clientKick' | 'serverKick' | 'offline' = 'normal',
  ): Promise<CallbackStatus> {
    this.#state.removeUser(room_id, user_id)
    return this.#sender.send({ event: 'leave', room_id, user_id, event_type })
  }

  rename(room_id: string, user_id: string, user_name: string): Promise<CallbackStatus> {
    this.#state.updateUser(room_id, user_id, { user_name })
    return this.#sender.send({ event: 'update', room_id, user_id, event_type: 'userInfo', user_name })
  }

  /** @param stream omitted properties get default or random values. */
  publish(room_id: string, user_id: string, stream: Partial<SimulatedStream> = {}): Promise<CallbackStatus> {
    const published = completeStream({ stream_id: this.#newId(), ...stream })
    const { streams } = this.#state.getUser(room_id, user_id)
    this.#state.updateUser(room_id, user_id, { streams: [...removeStream(streams, published.stream_id), published] })
    return this.#sender.send({ event: 'publish', room_id, user_id, ...published })
  }

  unpublish(room_id: string, user_id: string, stream_id: string): Promise<CallbackStatus> {
    const { streams } = this.#state.getUser(room_id, user_id)
    this.#state.updateUser(room_id, user_id, { streams: removeStream(streams, stream_id) })
    return this.#sender.send({ event: 'unpublish', room_id, user_id, ...getStream(streams, stream_id) })
  }

  subscribe(
    room_id: string,
    user_id: string,
    { stream_id, stream_type }: { readonly stream_id: string; readonly stream_type: StreamType },
  ): Promise<CallbackStatus> {
    const { subscriptions } = this.#state.getUser(room_id, user_id)
    const subscribed = [...removeStream(subscriptions, stream_id), { stream_id, stream_type }]
    this.#state.updateUser(room_id, user_id, { subscriptions: subscribed })
    return this.#sender.send({ event: 'sub', room_id, user_id, stream_id, stream_type })
  }

  unsubscribe(room_id: string, user_id: string, stream_id: string): Promise<CallbackStatus> {
    const { subscriptions } = this.#state.getUser(room_id, user_id)
    this.#state.updateUser(room_id, user_id, { subscriptions: removeStream(subscriptions, stream_id) })
    return this.#sender.send({ event: 'unsub', room_id, user_id, ...getStream(subscriptions, stream_id) })
  }

  /** Closes all rooms without a callback and discards pending callbacks. @returns the disconnected users. */
  crash(): readonly SimulatedUser[] {
    this.#sender.discardPending()
    this.#disconnected.clear()
    for (const user of this.#state.clear()) this.#disconnected.set(keyOf(user), user)
    return [...this.#disconnected.values()]
  }

  /**
   * Reconnects users after a crash: they open their room, join, publish and subscribe a second time. Source: note 3 in
   * the vendor's document.
   *
   * @param users default: all users whom the crash disconnected.
   */
  async recover(
    users: readonly UserReference[] = [...this.#disconnected.values()],
  ): Promise<readonly CallbackStatus[]> {
    return Promise.all(users.flatMap((user) => this.#reconnect(user)))
  }

  #reconnect({ room_id, user_id }: UserReference): readonly Promise<CallbackStatus>[] {
    const key = keyOf({ room_id, user_id })
    const user = this.#disconnected.get(key)
    if (!user) throw new Error(`user ${user_id} of simulated room ${room_id} was not disconnected by the last crash`)
    this.#disconnected.delete(key)
    const { user_name, endpoint_type, streams, subscriptions } = user
    return [
      this.join(room_id, user_id, { endpoint_type, ...(user_name !== undefined && { user_name }) }),
      ...streams.map((stream) => this.publish(room_id, user_id, stream)),
      ...subscriptions.map((stream) => this.subscribe(room_id, user_id, stream)),
    ]
  }
}

function keyOf({ room_id, user_id }: UserReference): string {
  return JSON.stringify([room_id, user_id])
}

function completeStream({
  stream_type = 'video',
  stream_id,
  resolution = '1280x720',
}: Partial<SimulatedStream> & Pick<SimulatedStream, 'stream_id'>): SimulatedStream {
  return stream_type === 'audio' ? { stream_id, stream_type } : { stream_id, stream_type, resolution }
}

function removeStream(streams: readonly SimulatedStream[], stream_id: string): SimulatedStream[] {
  return streams.filter((stream) => stream.stream_id !== stream_id)
}

/** @throws Error if there is no such stream. */
function getStream(streams: readonly SimulatedStream[], stream_id: string): SimulatedStream {
  const stream = streams.find((candidate) => candidate.stream_id === stream_id)
  if (stream) return stream
  throw new Error(`there is no simulated stream ${stream_id}`)
}
