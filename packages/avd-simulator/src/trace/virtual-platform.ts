import type { ClientInfo, SimulatedStream, StreamType } from '../installation-state.ts'
import type { SeededRandom } from '../seeded-random.ts'
import type { CallbackParameters } from '../sign-callback.ts'
import { uniform } from './distributions.ts'
import type { TraceRecorder } from './trace-recorder.ts'
import type { VirtualSchedule } from './virtual-schedule.ts'

export type LeaveType = 'normal' | 'clientKick' | 'serverKick' | 'offline'

/** What the owner of a connection learns. */
export interface ConnectionListener {
  /** The connection ended without the user's doing. */
  lost(cause: 'crash' | 'room_closed'): void
  /** Another user of the room publishes video or a desktop. */
  streamStarted(stream: SimulatedStream): void
}

/** The connection of a user in a room. */
export interface VirtualConnection {
  readonly room: VirtualRoom
  readonly user_id: string
  readonly listener: ConnectionListener
  readonly streams: Map<StreamType, SimulatedStream>
  readonly subscriptions: Map<string, SimulatedStream>
  /** False after it ended or a newer connection of the user replaced it. */
  live: boolean
}

export interface VirtualRoom {
  readonly room_id: string
  readonly server: string
  /** A permanent room stays open when it is empty. */
  readonly permanent: boolean
  readonly connections: Map<string, VirtualConnection>
}

export interface RoomIdentity {
  readonly room_id: string
  readonly permanent: boolean
}

/** ms until an empty room closes by itself. */
const emptyRoom = { minMs: 500, maxMs: 10_000 }
/** ms until a client notices that a stream it receives has ended. */
const maxUnsubscribeDelayMs = 500

/**
 * The media servers of an installation in virtual time: rooms, connections and media, and the callbacks that the vendor's
 * document specifies for their changes. It records what is true and when each callback is sent.
 */
export class VirtualPlatform {
  readonly #schedule: VirtualSchedule
  readonly #recorder: TraceRecorder
  readonly #random: SeededRandom
  readonly #servers: readonly string[]
  readonly #rooms = new Map<string, VirtualRoom>()
  /** Number of crashes by server: a callback that is pending at a crash is never sent. */
  readonly #crashes = new Map<string, number>()

  constructor(schedule: VirtualSchedule, recorder: TraceRecorder, random: SeededRandom, servers: readonly string[]) {
    this.#schedule = schedule
    this.#recorder = recorder
    this.#random = random
    this.#servers = servers
  }

  /** Opens the room if necessary. Replaces the user's older connection in it, whose media end without a callback. */
  join(
    { room_id, permanent }: RoomIdentity,
    user_id: string,
    client: Required<ClientInfo>,
    listener: ConnectionListener,
  ) {
    const room = this.#rooms.get(room_id) ?? this.#openRoom(room_id, permanent)
    const older = room.connections.get(user_id)
    if (older !== undefined) this.#detach(older)
    const connection = {
      room,
      user_id,
      listener,
      streams: new Map<StreamType, SimulatedStream>(),
      subscriptions: new Map<string, SimulatedStream>(),
      live: true,
    }
    room.connections.set(user_id, connection)
    this.#recorder.presences.begin(keyOf(room_id, user_id), { room_id, user_id }, this.#schedule.now)
    this.#send({ event: 'join', room_id, user_id, event_type: 'normal', ...client })
    return connection
  }

  /** Ends a connection and sends its `leave`. */
  leave(connection: VirtualConnection, event_type: LeaveType): void {
    if (!connection.live) return
    const { room, user_id } = connection
    this.#detach(connection)
    room.connections.delete(user_id)
    this.#recorder.presences.end(keyOf(room.room_id, user_id), this.#schedule.now)
    this.#sendLeave(connection, event_type)
    if (room.connections.size === 0 && !room.permanent) this.#planAutomaticClose(room)
  }

  /**
   * Ends a connection in favour of a newer one of the same user whose `join` follows: the `leave` is sent and the media
   * end, but the user stays in the room.
   */
  yieldToNewer(connection: VirtualConnection, event_type: LeaveType): void {
    if (!connection.live) return
    this.#detach(connection)
    this.#sendLeave(connection, event_type)
  }

  /** Sends the `leave` of a connection that was replaced. @param delayMs from now */
  sendLateLeave(connection: VirtualConnection, event_type: LeaveType, delayMs: number): void {
    const { server } = connection.room
    const crashes = this.#crashes.get(server)
    this.#schedule.after(delayMs, () => {
      if (this.#crashes.get(server) === crashes) this.#sendLeave(connection, event_type)
    })
  }

  publish(connection: VirtualConnection, stream: SimulatedStream): void {
    const { room, user_id, streams } = connection
    if (!connection.live || streams.has(stream.stream_type)) return
    streams.set(stream.stream_type, stream)
    this.#beginMedium(connection, 'streams', stream)
    this.#send({ event: 'publish', room_id: room.room_id, user_id, ...stream })
    if (stream.stream_type === 'audio') return
    for (const other of room.connections.values()) if (other !== connection) other.listener.streamStarted(stream)
  }

  unpublish(connection: VirtualConnection, stream_type: StreamType): void {
    const stream = connection.streams.get(stream_type)
    if (!connection.live || stream === undefined) return
    this.#endStream(connection, stream)
    this.#send({ event: 'unpublish', ...this.#mediumParameters(connection, stream) })
  }

  subscribe(connection: VirtualConnection, stream: SimulatedStream): void {
    const { subscriptions } = connection
    if (!connection.live || subscriptions.has(stream.stream_id) || !this.isPublished(connection.room, stream)) return
    subscriptions.set(stream.stream_id, stream)
    this.#beginMedium(connection, 'subscriptions', stream)
    this.#send({ event: 'sub', ...this.#mediumParameters(connection, stream) })
  }

  unsubscribe(connection: VirtualConnection, stream: SimulatedStream): void {
    if (!connection.live || !connection.subscriptions.delete(stream.stream_id)) return
    this.#endMedium(connection, 'subscriptions', stream)
    this.#send({ event: 'unsub', ...this.#mediumParameters(connection, stream) })
  }

  rename({ live, room, user_id }: VirtualConnection, user_name: string): void {
    if (live) this.#send({ event: 'update', room_id: room.room_id, user_id, event_type: 'userInfo', user_name })
  }

  /** The video and desktop streams of the others in the room. */
  streamsOfOthers({ room, user_id }: VirtualConnection): SimulatedStream[] {
    const others = [...room.connections.values()].filter((connection) => connection.user_id !== user_id)
    return others.flatMap(({ streams }) => [...streams.values()]).filter(({ stream_type }) => stream_type !== 'audio')
  }

  isPublished({ connections }: VirtualRoom, { stream_id }: SimulatedStream): boolean {
    for (const { streams } of connections.values())
      for (const stream of streams.values()) if (stream.stream_id === stream_id) return true
    return false
  }

  /** A user closes the room. @param withLeaves whether each user's `leave` is sent before the `close`. */
  closeRoom(room_id: string, withLeaves: boolean): void {
    const room = this.#rooms.get(room_id)
    if (room === undefined) return
    if (withLeaves) for (const connection of room.connections.values()) this.#sendLeave(connection, 'normal')
    this.#removeRoom(room, 'room_closed')
    this.#send({ event: 'close', room_id, event_type: 'user' })
  }

  /** Everything on the server disappears without a callback. The server accepts connections again at once. */
  crash(server: string): void {
    this.#crashes.set(server, (this.#crashes.get(server) ?? 0) + 1)
    for (const room of [...this.#rooms.values()]) if (room.server === server) this.#removeRoom(room, 'crash')
  }

  #openRoom(room_id: string, permanent: boolean): VirtualRoom {
    const server = this.#random.pick(this.#servers) ?? ''
    const room = { room_id, server, permanent, connections: new Map<string, VirtualConnection>() }
    this.#rooms.set(room_id, room)
    this.#recorder.openings.begin(room_id, { room_id, server }, this.#schedule.now)
    this.#send({ event: 'open', room_id })
    return room
  }

  #planAutomaticClose(room: VirtualRoom): void {
    const { room_id, connections } = room
    this.#schedule.after(uniform(this.#random, emptyRoom.minMs, emptyRoom.maxMs), () => {
      if (this.#rooms.get(room_id) !== room || connections.size > 0) return
      this.#removeRoom(room, 'room_closed')
      this.#send({ event: 'close', room_id, event_type: 'auto' })
    })
  }

  #removeRoom(room: VirtualRoom, cause: 'crash' | 'room_closed'): void {
    const { room_id, connections } = room
    this.#rooms.delete(room_id)
    this.#recorder.openings.end(room_id, this.#schedule.now)
    for (const [user_id, connection] of connections) {
      this.#detach(connection)
      this.#recorder.presences.end(keyOf(room_id, user_id), this.#schedule.now)
      connection.listener.lost(cause)
    }
    connections.clear()
  }

  /** Ends the media of a connection without a callback. */
  #detach(connection: VirtualConnection): void {
    connection.live = false
    for (const stream of connection.subscriptions.values()) this.#endMedium(connection, 'subscriptions', stream)
    connection.subscriptions.clear()
    for (const stream of [...connection.streams.values()]) this.#endStream(connection, stream)
  }

  #endStream(connection: VirtualConnection, stream: SimulatedStream): void {
    connection.streams.delete(stream.stream_type)
    this.#endMedium(connection, 'streams', stream)
    for (const receiver of connection.room.connections.values())
      if (receiver.subscriptions.has(stream.stream_id))
        this.#schedule.after(uniform(this.#random, 0, maxUnsubscribeDelayMs), () => this.unsubscribe(receiver, stream))
  }

  #beginMedium({ room, user_id }: VirtualConnection, list: 'streams' | 'subscriptions', stream: SimulatedStream): void {
    const { stream_id, stream_type } = stream
    const fact = { room_id: room.room_id, user_id, list, stream_id, stream_type }
    this.#recorder.media.begin(keyOf(list, room.room_id, user_id, stream_id), fact, this.#schedule.now)
  }

  #endMedium({ room, user_id }: VirtualConnection, list: 'streams' | 'subscriptions', stream: SimulatedStream): void {
    this.#recorder.media.end(keyOf(list, room.room_id, user_id, stream.stream_id), this.#schedule.now)
  }

  #mediumParameters({ room, user_id }: VirtualConnection, { stream_id, stream_type }: SimulatedStream) {
    return { room_id: room.room_id, user_id, stream_id, stream_type }
  }

  #sendLeave({ room, user_id }: VirtualConnection, event_type: LeaveType): void {
    this.#send({ event: 'leave', room_id: room.room_id, user_id, event_type })
  }

  #send(parameters: CallbackParameters): void {
    this.#recorder.send(this.#schedule.now, parameters)
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n')
}
