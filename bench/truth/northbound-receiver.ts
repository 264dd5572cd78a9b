import type { Interval, RoomListEntry } from '@northbound/avd-simulator'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { compare } from '../../core/reconciliation/compare.ts'
import { type Presence, type StoredPresence, toStoredPresence } from '../../core/reconciliation/presence.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import { isPresent, type ParticipantState } from '../../core/state/participant.ts'
import type { AggregateFold } from './aggregate-fold.ts'
import { type LiveView, mediumKey, presenceKey, type TruthReceiver } from './receiver.ts'
import { RoomHistory } from './room-history.ts'
import { ShownIntervals } from './shown-intervals.ts'
import { SweepRules } from './sweep-rules.ts'

/** The real fold and the real reconciliation, without stores and queues. */
export class NorthboundReceiver implements TruthReceiver {
  readonly live: LiveView = { presences: new ShownIntervals(), media: new ShownIntervals() }
  readonly #rooms = new Map<string, RoomHistory>()
  /** The present participants, by `presenceKey`. */
  readonly #present = new Map<string, Presence>()
  readonly #sweepRules: SweepRules

  constructor(sweepRules = new SweepRules()) {
    this.#sweepRules = sweepRules
  }

  receive(event: NorthboundEvent, now: number): void {
    const aggregate = aggregateOf(event)
    if (aggregate.kind === 'room') {
      const { room_id } = aggregate
      this.#roomOf(room_id).add(event, (user_id, participant, fold) => {
        const before = participantState(participant)
        fold()
        this.#show(room_id, user_id, before, participantState(participant), now)
      })
    }
    if (aggregate.kind === 'participant') {
      const { room_id, user_id } = aggregate
      const room = this.#roomOf(room_id)
      const before = participantState(room.participants.get(user_id))
      this.#show(room_id, user_id, before, participantState(room.addToParticipant(user_id, event)), now)
    }
  }

  sweep(rooms: readonly RoomListEntry[] | undefined, now: number): NorthboundEvent[] {
    if (rooms === undefined) {
      this.#sweepRules.fail()
      return []
    }
    const openRooms = [...this.#rooms].flatMap(([room_id, { state }]) =>
      state?.status === 'open' ? [{ room_id }] : [],
    )
    const present = [...openRooms, ...this.#present.values()]
    const differences = compare(rooms, present)
    const stored = [...differences.missing, ...differences.unknown].flatMap((presence) => this.#read(presence))
    const lastEventAt = (roomId: string) => this.#rooms.get(roomId)?.lastEventAt ?? 0
    const input = { differences, stored, presentCount: present.length, startedAt: now, lastEventAt }
    return this.#sweepRules.decide(input).map((envelope) => parseEvent(envelope, envelope.params))
  }

  settledSessions(endAt: number): ReadonlyMap<string, readonly Interval[]> {
    const all = new Map<string, readonly Interval[]>()
    for (const [room_id, { participants }] of this.#rooms)
      for (const [user_id, { sessions }] of participants) {
        const intervals = sessions.map(({ joined_at, end }) => ({ from: joined_at, to: end?.at ?? endAt }))
        all.set(presenceKey({ room_id, user_id }), intervals)
      }
    return all
  }

  #roomOf(room_id: string): RoomHistory {
    const room = this.#rooms.get(room_id) ?? new RoomHistory()
    this.#rooms.set(room_id, room)
    return room
  }

  /** Records what is shown differently after a change of a participant. */
  #show(
    room_id: string,
    user_id: string,
    before: ParticipantState | undefined,
    after: ParticipantState | undefined,
    now: number,
  ): void {
    if (after === undefined || after === before) return
    const key = presenceKey({ room_id, user_id })
    const present = isPresent(after)
    this.live.presences.set(key, present, now)
    if (present) this.#present.set(key, { room_id, user_id })
    else this.#present.delete(key)
    for (const list of ['streams', 'subscriptions'] as const) {
      if (before?.[list] === after[list]) continue
      const keysOf = (state: ParticipantState | undefined) =>
        new Set(state?.[list].map((stream) => mediumKey({ room_id, user_id, list, ...stream })))
      for (const medium of keysOf(before).difference(keysOf(after))) this.live.media.set(medium, false, now)
      for (const medium of keysOf(after)) this.live.media.set(medium, true, now)
    }
  }

  #read(presence: Presence): StoredPresence | readonly [] {
    const room = this.#rooms.get(presence.room_id)
    if (room === undefined) return []
    const projection = presence.user_id === undefined ? room : room.participants.get(presence.user_id)
    return (projection && toStoredPresence(presence, projection)) ?? []
  }
}

function participantState(participant: AggregateFold | undefined): ParticipantState | undefined {
  return participant?.state?.kind === 'participant' ? participant.state : undefined
}
