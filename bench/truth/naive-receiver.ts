import type { Interval, RoomListEntry } from '@northbound/avd-simulator'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type LiveView, mediumKey, presenceKey, type TruthReceiver } from './receiver.ts'
import { ShownIntervals } from './shown-intervals.ts'

type Person = { joinedAt: number | undefined; readonly sessions: Interval[]; readonly media: Set<string> }

/** Applies each callback as it arrives: the last one wins. Optionally, a sweep makes the state equal to the list. */
export class NaiveReceiver implements TruthReceiver {
  readonly live: LiveView = { presences: new ShownIntervals(), media: new ShownIntervals() }
  readonly #rooms = new Map<string, Map<string, Person>>()
  readonly #sweeps: boolean

  constructor({ sweeps }: { readonly sweeps: boolean }) {
    this.#sweeps = sweeps
  }

  receive({ data }: NorthboundEvent, now: number): void {
    switch (data.event) {
      case 'join':
        this.#join(data.room_id, data.user_id, now)
        break
      case 'leave':
        this.#leave(data.room_id, data.user_id, now)
        break
      case 'close':
        for (const user_id of this.#people(data.room_id).keys()) this.#leave(data.room_id, user_id, now)
        break
      case 'publish':
        this.#setMedium({ ...data, list: 'streams' }, true, now)
        break
      case 'unpublish':
        this.#setMedium({ ...data, list: 'streams' }, false, now)
        break
      case 'sub':
        this.#setMedium({ ...data, list: 'subscriptions' }, true, now)
        break
      case 'unsub':
        this.#setMedium({ ...data, list: 'subscriptions' }, false, now)
        break
      default:
    }
  }

  sweep(rooms: readonly RoomListEntry[] | undefined, now: number): [] {
    if (!this.#sweeps || rooms === undefined) return []
    const listed = new Map(rooms.map(({ room_id, users }) => [room_id, new Set(users.map(({ user_id }) => user_id))]))
    for (const [room_id, people] of this.#rooms)
      for (const user_id of people.keys()) if (!listed.get(room_id)?.has(user_id)) this.#leave(room_id, user_id, now)
    for (const [room_id, users] of listed) for (const user_id of users) this.#join(room_id, user_id, now)
    return []
  }

  settledSessions(endAt: number): ReadonlyMap<string, readonly Interval[]> {
    const sessions = new Map<string, readonly Interval[]>()
    for (const [room_id, people] of this.#rooms)
      for (const [user_id, { joinedAt, sessions: ended }] of people) {
        const current = joinedAt === undefined ? [] : [{ from: joinedAt, to: endAt }]
        sessions.set(presenceKey({ room_id, user_id }), [...ended, ...current])
      }
    return sessions
  }

  #people(room_id: string): Map<string, Person> {
    const people = this.#rooms.get(room_id) ?? new Map<string, Person>()
    this.#rooms.set(room_id, people)
    return people
  }

  #join(room_id: string, user_id: string, now: number): void {
    const people = this.#people(room_id)
    const person = people.get(user_id) ?? { joinedAt: undefined, sessions: [], media: new Set<string>() }
    people.set(user_id, person)
    person.joinedAt ??= now
    this.live.presences.set(presenceKey({ room_id, user_id }), true, now)
  }

  #leave(room_id: string, user_id: string, now: number): void {
    const person = this.#people(room_id).get(user_id)
    if (person?.joinedAt === undefined) return
    if (now > person.joinedAt) person.sessions.push({ from: person.joinedAt, to: now })
    person.joinedAt = undefined
    for (const key of person.media) this.live.media.set(key, false, now)
    person.media.clear()
    this.live.presences.set(presenceKey({ room_id, user_id }), false, now)
  }

  #setMedium(medium: Parameters<typeof mediumKey>[0], on: boolean, now: number): void {
    const person = this.#people(medium.room_id).get(medium.user_id)
    if (person?.joinedAt === undefined) return
    const key = mediumKey(medium)
    if (on) person.media.add(key)
    else person.media.delete(key)
    this.live.media.set(key, on, now)
  }
}
