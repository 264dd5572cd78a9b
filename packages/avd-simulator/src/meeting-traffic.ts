import type { Chance } from './chance.ts'
import type { Answered } from './media-server.ts'
import { somebody } from './people.ts'
import type { SimulatedAvd } from './simulated-avd.ts'
import type { Person, Room } from './world.ts'

const fewestPeople = 3
const mostPeople = 12
const subscriptionsEach = 3

/** How likely a tick of a full room brings each. */
const meetingEnds = 0.02
const somebodyLeaves = 0.2
const someoneIsRenamed = 0.03

/** Sends a callback, where what it is about is still the case. */
export type Happening = () => Answered | undefined

/** People who meet: they come, show themselves, look at others and go. */
export class MeetingTraffic {
  readonly #avd: SimulatedAvd
  readonly #chance: Chance
  /** What is bound to happen next, one at a tick; whoever it is about may be gone by then. */
  #planned: Happening[] = []
  /** How many people each room is for. */
  readonly #sizes = new Map<string, number>()
  #nextUser: number
  #nextRoom: number

  constructor(avd: SimulatedAvd, chance: Chance) {
    this.#avd = avd
    this.#chance = chance
    this.#nextUser = chance.between(10_000, 90_000)
    this.#nextRoom = chance.between(18_000_000_000, 18_999_000_000)
  }

  plan(happening: Happening): void {
    this.#planned.push(happening)
  }

  /** Nothing of what was planned happens any more. */
  forget(): void {
    this.#planned = []
  }

  tick(mostRooms: number): Answered | undefined {
    const planned = this.#chance.happens(0.8) ? this.#planned.shift() : undefined
    if (planned) return planned()
    const rooms = this.#avd.world()
    if (rooms.length < mostRooms && this.#chance.happens(rooms.length === 0 ? 1 : 0.1)) return this.#openRoom()
    const room = this.#chance.pick(rooms)
    return room && this.#goOn(room)
  }

  #openRoom(): Answered {
    const room_id = String(this.#nextRoom)
    this.#nextRoom += this.#chance.between(1, 9999)
    this.#sizes.set(room_id, this.#chance.between(fewestPeople, mostPeople))
    return this.#avd.openRoom(room_id)
  }

  #goOn(room: Room): Answered | undefined {
    const chance = this.#chance
    const size = this.#sizes.get(room.room_id) ?? mostPeople
    if (room.users.length < size && chance.happens(0.7)) return this.#comeIn(room)
    if (room.users.length >= fewestPeople && chance.happens(meetingEnds)) return this.#end(room)
    if (room.users.length === 0 && size === 0) return this.#close(room.room_id, 'auto')
    const person = chance.pick(room.users)
    if (!person) return undefined
    if (chance.happens(somebodyLeaves)) return this.#leave(person)
    if (chance.happens(someoneIsRenamed)) {
      return this.#avd.rename(person.room_id, person.user_id, somebody(chance).user_name)
    }
    return this.#changeMedia(person)
  }

  #comeIn({ room_id, users }: Room): Answered {
    const user_id = String(this.#nextUser)
    this.#nextUser += this.#chance.between(1, 9)
    const stillThere = (happening: Happening) =>
      this.plan(() => (this.#isThere(room_id, user_id) ? happening() : undefined))
    stillThere(() => this.#avd.publish(room_id, user_id, { stream_type: 'audio' }))
    if (this.#chance.happens(0.7)) stillThere(() => this.#avd.publish(room_id, user_id))
    const videos = users.flatMap(({ streams }) => streams).filter(({ stream_type }) => stream_type !== 'audio')
    for (const video of videos.slice(0, subscriptionsEach)) {
      stillThere(() => this.#avd.subscribe(room_id, user_id, video))
    }
    return this.#avd.join(room_id, user_id, somebody(this.#chance))
  }

  #leave({ room_id, user_id }: Person): Answered {
    const reason = this.#chance.pick(['normal', 'normal', 'normal', 'offline', 'clientKick', 'serverKick'] as const)
    return this.#avd.leave(room_id, user_id, reason)
  }

  /** Somebody closes the room, or all leave and it closes itself. */
  #end({ room_id, users }: Room): Answered | undefined {
    if (this.#chance.happens(0.5)) return this.#close(room_id, 'user')
    this.#sizes.set(room_id, 0)
    for (const { user_id } of users) {
      this.plan(() => (this.#isThere(room_id, user_id) ? this.#avd.leave(room_id, user_id) : undefined))
    }
    return undefined
  }

  #close(room_id: string, reason: 'user' | 'auto'): Answered {
    this.#sizes.delete(room_id)
    return this.#avd.closeRoom(room_id, reason)
  }

  /** A screen is shown or no longer, or somebody looks elsewhere. */
  #changeMedia({ room_id, user_id, streams, subscriptions }: Person): Answered {
    const desktop = streams.find(({ stream_type }) => stream_type === 'desktop')
    if (desktop) return this.#avd.unpublish(room_id, user_id, desktop.stream_id)
    const seen = this.#chance.pick(subscriptions)
    if (seen && this.#chance.happens(0.6)) return this.#avd.unsubscribe(room_id, user_id, seen.stream_id)
    return this.#avd.publish(room_id, user_id, { stream_type: 'desktop', resolution: '1920x1080' })
  }

  #isThere(room_id: string, user_id: string): boolean {
    const room = this.#avd.world().find((candidate) => candidate.room_id === room_id)
    return room?.users.some((person) => person.user_id === user_id) ?? false
  }
}
