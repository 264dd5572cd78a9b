import { findPastSessionChanges } from '../../core/projection/past-sessions.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { CloseMark } from '../../core/state/closes.ts'
import { foldSteps, historyOf, type State } from '../../core/state/fold.ts'
import { orderKey, precedes } from '../../core/state/order.ts'
import type { Session } from '../../core/state/session.ts'

/** Traces have no warnings and no recordings, so the alert window and the time zone do not matter. */
const rules = { alertWindowMs: 0, timeZone: 'UTC' }

/** The events of one aggregate and their fold. */
export class AggregateFold {
  readonly #events = new Map<string, NorthboundEvent>()
  /** The sessions of a participant before the last one, by start. */
  readonly #pastSessions = new Map<number, Session>()
  state: State | undefined
  /** Order key of the latest event or close. */
  watermark = ''

  /** The history: each `trace_id` once, in order. */
  get events(): readonly NorthboundEvent[] {
    return historyOf(this.#events.values())
  }

  /** All sessions of a participant. */
  get sessions(): readonly Session[] {
    const past = [...this.#pastSessions.values()]
    if (this.state?.kind !== 'participant' || this.state.session === null) return past
    const { session } = this.state
    return [...past.filter(({ joined_at }) => joined_at !== session.joined_at), session]
  }

  /**
   * Folds an event in, as `apply-events` does: incrementally if it is later than all others, otherwise from the start.
   *
   * @param closes all closes of the room, if the aggregate is a participant.
   */
  add(event: NorthboundEvent, closes: readonly CloseMark[]): 'appended' | 'inserted' | 'duplicate' {
    const known = this.#events.get(event.trace_id)
    if (known !== undefined && !precedes(event, known)) return 'duplicate'
    this.#events.set(event.trace_id, event)
    if (known === undefined && orderKey(event) > this.watermark) {
      this.#advance([event], [])
      return 'appended'
    }
    this.foldAgain(closes)
    return 'inserted'
  }

  /** Folds a close of the room in that is not in the state yet. @param closes all closes of the room, in order. */
  addClose(close: CloseMark, closes: readonly CloseMark[]): void {
    if (close.order > this.watermark) this.#advance([], [close])
    else this.foldAgain(closes)
  }

  foldAgain(closes: readonly CloseMark[]): void {
    this.state = undefined
    this.watermark = ''
    this.#pastSessions.clear()
    this.#advance(this.events, closes)
  }

  #advance(events: readonly NorthboundEvent[], closes: readonly CloseMark[]): void {
    for (const step of foldSteps(this.state, events, closes, rules)) {
      this.state = step.after
      this.watermark = step.order
      for (const { joined_at, session } of findPastSessionChanges(step))
        if (session === null) this.#pastSessions.delete(joined_at)
        else this.#pastSessions.set(joined_at, session)
    }
  }
}
