import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type CloseMark, closesOf } from '../../core/state/closes.ts'
import { type ActivityWindow, foldRoom, isActivity, isInWindow } from '../../core/state/fold-room.ts'
import { occupancyOf } from '../../core/state/occupancy.ts'
import { orderKey, timeOfOrder } from '../../core/state/order.ts'
import type { RoomState } from '../../core/state/room.ts'
import { AggregateFold } from './aggregate-fold.ts'

/** A room and its participants. */
export class RoomHistory {
  readonly participants = new Map<string, AggregateFold>()
  readonly #own = new AggregateFold()
  #closes: readonly CloseMark[] = []
  /** The state with what the participants imply; null after a change. */
  #settled: { readonly state: RoomState | undefined } | null = null

  get closes(): readonly CloseMark[] {
    return this.#closes
  }

  get watermark(): string {
    return this.#own.watermark
  }

  /** ms: the last event of the room or of a participant. */
  get lastEventAt(): number {
    return this.participants
      .values()
      .reduce((last, { watermark }) => Math.max(last, timeOfOrder(watermark)), timeOfOrder(this.watermark))
  }

  /** Adds an event of a participant. */
  addToParticipant(user_id: string, event: NorthboundEvent): AggregateFold {
    const participant = this.participants.get(user_id) ?? new AggregateFold()
    this.participants.set(user_id, participant)
    participant.add(event, this.#closes)
    this.#settled = null
    return participant
  }

  /**
   * Adds an event of the room itself.
   *
   * @param change wraps each change of a participant that a close causes.
   */
  add(event: NorthboundEvent, change: (user_id: string, participant: AggregateFold, fold: () => void) => void): void {
    const outcome = this.#own.add(event, [])
    if (outcome === 'duplicate') return
    this.#settled = null
    if (event.data.event !== 'close') return
    const known = new Set(this.#closes.map(({ order }) => order))
    this.#closes = closesOf(this.#own.events)
    const [added, ...others] = this.#closes.filter(({ order }) => !known.has(order))
    const isLast = outcome === 'appended' && others.length === 0
    for (const [user_id, participant] of this.participants)
      change(user_id, participant, () => {
        if (isLast && added !== undefined) participant.addClose(added, this.#closes)
        else participant.foldAgain(this.#closes)
      })
  }

  /** The state of the room, including what its participants imply (docs/decisions/0020). */
  get state(): RoomState | undefined {
    this.#settled ??= { state: this.#settle() }
    return this.#settled.state
  }

  #settle(): RoomState | undefined {
    const { state } = this.#own
    const byEvents = state?.kind === 'room' ? state : undefined
    if (byEvents !== undefined && byEvents.basis === undefined) {
      if (byEvents.status === 'open') return byEvents
      const closedAt = byEvents.closed_at ?? 0
      const last = this.participants.values().map(({ sessions }) => sessions.at(-1)?.joined_at ?? 0)
      if (last.every((joinedAt) => joinedAt <= closedAt)) return byEvents
    }
    const occupancies = [...this.participants].flatMap(([user_id, { sessions }]) =>
      sessions.map((session) => occupancyOf(user_id, session)),
    )
    const folding = foldRoom(undefined, this.#own.events, occupancies)
    let result = folding.next()
    while (!result.done) result = folding.next(this.#isActiveWithin(result.value))
    return result.value.state
  }

  #isActiveWithin(window: ActivityWindow): boolean {
    return this.participants
      .values()
      .some(({ events }) => events.some((event) => isActivity(event) && isInWindow(orderKey(event), window)))
  }
}
