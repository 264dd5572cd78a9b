import type { CallbackStatus } from './callback-sender.ts'
import type { SimulatedRoom, SimulatedUser } from './installation-state.ts'
import { randomClient } from './random-client.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedPlatform } from './simulated-platform.ts'

const minUsers = 3
const usualMaxUsers = 12
const maxSubscriptions = 3
const meetingNames = ['产品周会', '面试', 'Design review', '客户演示', '培训', 'Stand-up']

/** Probabilities per tick. */
const plannedActionProbability = 0.8
const usualOpenRoomProbability = 0.1
const joinProbability = 0.7
const endMeetingProbability = 0.02
const leaveProbability = 0.2
const renameProbability = 0.03

/** Performs an action. Returns undefined if it no longer applies. */
export type PlannedAction = () => Promise<CallbackStatus> | undefined

export interface MeetingOptions {
  /** Most users in a room. Default 12. */
  readonly maxUsers?: number
  /** That a tick opens a room if another one may be open. Default 0.1. */
  readonly openRoomProbability?: number
}

/** Simulates meetings: users join, publish, subscribe and leave. */
export class MeetingTraffic {
  readonly #platform: SimulatedPlatform
  readonly #random: SeededRandom
  readonly #minUsers: number
  readonly #maxUsers: number
  readonly #openRoomProbability: number
  /** Follow-up actions, at most one of which runs per tick. */
  #planned: PlannedAction[] = []
  /** The number of users at which each room is full; 0 while its meeting is ending. */
  readonly #capacities = new Map<string, number>()
  #nextUserId: number
  #nextRoomId: number

  constructor(platform: SimulatedPlatform, random: SeededRandom, options: MeetingOptions = {}) {
    this.#platform = platform
    this.#random = random
    this.#maxUsers = options.maxUsers ?? usualMaxUsers
    this.#minUsers = Math.min(minUsers, this.#maxUsers)
    this.#openRoomProbability = options.openRoomProbability ?? usualOpenRoomProbability
    this.#nextUserId = random.nextInteger(10_000, 90_000)
    this.#nextRoomId = random.nextInteger(18_000_000_000, 18_999_000_000)
  }

  plan(action: PlannedAction): void {
    this.#planned.push(action)
  }

  cancelPlanned(): void {
    this.#planned = []
  }

  tick(maxRooms: number): Promise<CallbackStatus> | undefined {
    const planned = this.#random.nextBoolean(plannedActionProbability) ? this.#planned.shift() : undefined
    if (planned) return planned()
    const { rooms } = this.#platform
    const openProbability = rooms.length === 0 ? 1 : this.#openRoomProbability
    if (rooms.length < maxRooms && this.#random.nextBoolean(openProbability)) return this.#openRoom()
    const room = this.#random.pick(rooms)
    return room && this.#advance(room)
  }

  #openRoom(): Promise<CallbackStatus> {
    const room_id = String(this.#nextRoomId)
    this.#nextRoomId += this.#random.nextInteger(1, 9999)
    this.#platform.nameRoom(room_id, meetingNames[this.#capacities.size % meetingNames.length] ?? '')
    this.#capacities.set(room_id, this.#random.nextInteger(this.#minUsers, this.#maxUsers))
    return this.#platform.openRoom(room_id)
  }

  #advance(room: SimulatedRoom): Promise<CallbackStatus> | undefined {
    const random = this.#random
    const { room_id, users } = room
    const capacity = this.#capacities.get(room_id) ?? this.#maxUsers
    if (users.length < capacity && random.nextBoolean(joinProbability)) return this.#join(room)
    if (users.length >= this.#minUsers && random.nextBoolean(endMeetingProbability)) return this.#endMeeting(room)
    if (users.length === 0 && capacity === 0) return this.#closeRoom(room_id, 'auto')
    const user = random.pick(users)
    if (!user) return undefined
    if (random.nextBoolean(leaveProbability)) return this.#leave(user)
    if (random.nextBoolean(renameProbability)) {
      return this.#platform.rename(user.room_id, user.user_id, randomClient(random).user_name)
    }
    return this.#changeMedia(user)
  }

  #join({ room_id, users }: SimulatedRoom): Promise<CallbackStatus> {
    const user_id = String(this.#nextUserId)
    this.#nextUserId += this.#random.nextInteger(1, 9)
    this.#planIfPresent(room_id, user_id, () => this.#platform.publish(room_id, user_id, { stream_type: 'audio' }))
    if (this.#random.nextBoolean(0.7)) {
      this.#planIfPresent(room_id, user_id, () => this.#platform.publish(room_id, user_id))
    }
    const videos = users.flatMap(({ streams }) => streams).filter(({ stream_type }) => stream_type !== 'audio')
    for (const video of videos.slice(0, maxSubscriptions)) {
      this.#planIfPresent(room_id, user_id, () => this.#platform.subscribe(room_id, user_id, video))
    }
    return this.#platform.join(room_id, user_id, randomClient(this.#random))
  }

  #leave({ room_id, user_id }: SimulatedUser): Promise<CallbackStatus> {
    const reason = this.#random.pick(['normal', 'normal', 'normal', 'offline', 'clientKick', 'serverKick'] as const)
    return this.#platform.leave(room_id, user_id, reason)
  }

  /** A user closes the room, or all users leave and it closes by itself. */
  #endMeeting({ room_id, users }: SimulatedRoom): Promise<CallbackStatus> | undefined {
    if (this.#random.nextBoolean(0.5)) return this.#closeRoom(room_id, 'user')
    this.#capacities.set(room_id, 0)
    for (const { user_id } of users) {
      this.#planIfPresent(room_id, user_id, () => this.#platform.leave(room_id, user_id))
    }
    return undefined
  }

  #closeRoom(room_id: string, reason: 'user' | 'auto'): Promise<CallbackStatus> {
    this.#capacities.delete(room_id)
    return this.#platform.closeRoom(room_id, reason)
  }

  /** Starts or stops a screen share, or ends a subscription. */
  #changeMedia({ room_id, user_id, streams, subscriptions }: SimulatedUser): Promise<CallbackStatus> {
    const desktop = streams.find(({ stream_type }) => stream_type === 'desktop')
    if (desktop) return this.#platform.unpublish(room_id, user_id, desktop.stream_id)
    const subscription = this.#random.pick(subscriptions)
    if (subscription && this.#random.nextBoolean(0.6)) {
      return this.#platform.unsubscribe(room_id, user_id, subscription.stream_id)
    }
    return this.#platform.publish(room_id, user_id, { stream_type: 'desktop', resolution: '1920x1080' })
  }

  /** Plans an action that is skipped if the user has left by then. */
  #planIfPresent(room_id: string, user_id: string, action: PlannedAction): void {
    this.plan(() => (this.#isPresent(room_id, user_id) ? action() : undefined))
  }

  #isPresent(room_id: string, user_id: string): boolean {
    const room = this.#platform.rooms.find((candidate) => candidate.room_id === room_id)
    return room?.users.some((user) => user.user_id === user_id) ?? false
  }
}
