import type { ClientInfo, SimulatedStream } from '../installation-state.ts'
import { randomClient } from '../random-client.ts'
import { ClientMedia, type ClientMediaSettings } from './client-media.ts'
import { uniform } from './distributions.ts'
import type { IncidentKind } from './trace.ts'
import type { TraceOptions } from './trace-options.ts'
import type { TraceRecorder } from './trace-recorder.ts'
import type { ConnectionListener, RoomIdentity, VirtualConnection } from './virtual-platform.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

const renameShare = 0.02
/** Clients that end their media one by one before they leave. */
const orderlyLeaveShare = 0.5

export interface SessionSettings extends ClientMediaSettings {
  readonly recorder: TraceRecorder
  readonly options: TraceOptions
}

export interface SessionPlan {
  readonly room: RoomIdentity
  readonly user_id: string
  /** ms since 1970 */
  readonly from: number
  readonly until: number
}

/** One stay of a user in a room, with the incidents that the options ask for. */
export class SimulatedSession implements ConnectionListener {
  readonly #settings: SessionSettings
  readonly #plan: SessionPlan
  #client: Required<ClientInfo>
  #connection: VirtualConnection | undefined
  #media: ClientMedia | undefined
  /** `replacing`: the client joins again within seconds. `lost`: a crash ended the connection, and the client comes back. */
  #phase: 'planned' | 'connected' | 'replacing' | 'lost' | 'over' = 'planned'

  constructor(settings: SessionSettings, plan: SessionPlan) {
    this.#settings = settings
    this.#plan = plan
    this.#client = randomClient(settings.random)
    settings.schedule.at(plan.from, () => this.#begin())
  }

  /** The meeting is over: a user who is not connected does not come, or does not come back. */
  cancel(): void {
    if (this.#phase !== 'connected') this.#phase = 'over'
  }

  lost(cause: 'crash' | 'room_closed'): void {
    const { random, options, schedule } = this.#settings
    this.#media?.pause()
    if (cause === 'room_closed' || this.#phase === 'over') {
      this.#phase = 'over'
      return
    }
    // A client that is replacing its connection joins again anyway.
    if (this.#phase === 'replacing') return
    const returns = random.nextBoolean(options.returnShare)
    this.#addIncident(returns ? 'crash_returned' : 'crash_gone')
    this.#phase = returns ? 'lost' : 'over'
    if (!returns) return
    schedule.after(uniform(random, 3 * secondMs, minuteMs), () => {
      if (this.#phase === 'lost') this.#connect()
    })
  }

  streamStarted(stream: SimulatedStream): void {
    this.#media?.receive(stream)
  }

  #begin(): void {
    if (this.#phase !== 'planned') return
    const { random, schedule, options } = this.#settings
    const { user_id, until } = this.#plan
    this.#media = new ClientMedia(this.#settings, user_id, until)
    this.#connect()
    if (random.nextBoolean(renameShare)) this.#planDuring((connection) => this.#rename(connection))
    if (random.nextBoolean(options.secondDeviceShare)) this.#planDuring((older) => this.#changeDevice(older))
    if (random.nextBoolean(options.reconnectShare)) this.#planDuring((older) => this.#reconnect(older))
    if (random.nextBoolean(options.reloadShare)) this.#planDuring((older) => this.#reload(older))
    schedule.at(until, () => this.#end())
  }

  /** Plans an action for a random time of the session. */
  #planDuring(action: (connection: VirtualConnection) => void): void {
    this.#planAt(uniform(this.#settings.random, this.#plan.from, this.#plan.until), action)
  }

  /** @param at ms since 1970. The action is skipped if the client is not connected then. */
  #planAt(at: number, action: (connection: VirtualConnection) => void): void {
    this.#settings.schedule.at(at, () => {
      if (this.#phase === 'connected' && this.#connection !== undefined) action(this.#connection)
    })
  }

  #connect(): void {
    const { room, user_id } = this.#plan
    this.#connection = this.#settings.platform.join(room, user_id, this.#client, this)
    this.#media?.start(this.#connection)
    this.#phase = 'connected'
  }

  #rename(connection: VirtualConnection): void {
    this.#client = { ...this.#client, user_name: randomClient(this.#settings.random).user_name }
    this.#settings.platform.rename(connection, this.#client.user_name)
  }

  /** The platform kicks the older connection when the second device joins, and sends the two callbacks in either order. */
  #changeDevice(older: VirtualConnection): void {
    const { random, platform } = this.#settings
    const gapMs = uniform(random, 50, 3 * secondMs)
    this.#client = { ...this.#client, endpoint_type: randomClient(random).endpoint_type }
    this.#media?.forgetStreamIds()
    if (random.nextBoolean(0.5)) {
      this.#addIncident('second_device_kicked_first')
      platform.yieldToNewer(older, 'clientKick')
      this.#connectAgainAfter(gapMs)
    } else {
      this.#addIncident('second_device_kicked_later')
      this.#connect()
      platform.sendLateLeave(older, 'clientKick', gapMs)
    }
  }

  /** The connection breaks. The client joins again before the platform notices that the old connection is gone. */
  #reconnect(older: VirtualConnection): void {
    const { random, platform, options, schedule } = this.#settings
    this.#connectAgainAfter(uniform(random, 2 * secondMs, 15 * secondMs), () => {
      this.#addIncident('reconnect')
      platform.sendLateLeave(older, 'offline', uniform(random, secondMs, 55 * secondMs))
      const chance = random.next()
      if (chance < options.repeatedReconnectShare)
        this.#planAt(schedule.now + uniform(random, 5 * secondMs, minuteMs), (broken) => this.#reconnect(broken))
      else if (chance < options.repeatedReconnectShare + options.deadAfterReconnectShare)
        this.#planAt(schedule.now + uniform(random, 5 * secondMs, minuteMs), (broken) => this.#kill(broken))
    })
  }

  /** The page is reloaded: the old page leaves before the new one joins, or a moment after. */
  #reload(older: VirtualConnection): void {
    const { random, platform } = this.#settings
    this.#media?.forgetStreamIds()
    if (random.nextBoolean(0.5)) {
      this.#addIncident('reload_leave_first')
      platform.leave(older, 'normal')
      this.#connectAgainAfter(uniform(random, 500, 4 * secondMs))
    } else {
      this.#addIncident('reload_join_first')
      this.#connect()
      platform.sendLateLeave(older, 'normal', uniform(random, 100, secondMs))
    }
  }

  /** @param connected runs after the join, unless the session is over by then. */
  #connectAgainAfter(delayMs: number, connected?: () => void): void {
    this.#phase = 'replacing'
    this.#media?.pause()
    this.#settings.schedule.after(delayMs, () => {
      if (this.#phase !== 'replacing') return
      this.#connect()
      connected?.()
    })
  }

  #end(): void {
    const { random, platform, options, schedule } = this.#settings
    if (this.#phase === 'replacing') {
      schedule.after(5 * secondMs, () => this.#end())
      return
    }
    const connection = this.#phase === 'connected' ? this.#connection : undefined
    this.#phase = 'over'
    this.#media?.pause()
    if (connection === undefined) return
    const chance = random.next()
    if (chance < options.killedShare) this.#kill(connection)
    else if (chance < options.killedShare + options.serverKickShare) {
      this.#addIncident('server_kick')
      platform.leave(connection, 'serverKick')
    } else this.#leave(connection)
  }

  /** The client is gone for good. The platform notices when the heartbeat times out. */
  #kill(connection: VirtualConnection): void {
    const { random, platform, schedule } = this.#settings
    this.#addIncident('killed')
    this.#phase = 'over'
    this.#media?.pause()
    schedule.after(uniform(random, 15 * secondMs, minuteMs), () => platform.leave(connection, 'offline'))
  }

  #leave(connection: VirtualConnection): void {
    const { random, platform, schedule } = this.#settings
    if (random.nextBoolean(orderlyLeaveShare)) {
      for (const type of [...connection.streams.keys()]) platform.unpublish(connection, type)
      for (const stream of [...connection.subscriptions.values()]) platform.unsubscribe(connection, stream)
    }
    schedule.after(uniform(random, 20, 100), () => platform.leave(connection, 'normal'))
  }

  #addIncident(kind: IncidentKind): void {
    const { room, user_id } = this.#plan
    this.#settings.recorder.addIncident(this.#settings.schedule.now, kind, { room_id: room.room_id, user_id })
  }
}
